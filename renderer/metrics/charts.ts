import type { MetricName } from '../../preload/contract/metrics.ts';
import { shortStateWords } from '../activity/session-state.tsx';
import { bytes, percent, rate, shortCount } from '../components/format.ts';
import { sessionStateColors } from '../theme/colors.ts';
import type { ChartDefinition } from './chart-data.ts';

export type Scope = 'server' | 'database';

const first = 'var(--series-first)';
const second = 'var(--series-second)';

/** Bottom to top: what presses most lies on the axis, where its height is read most easily. */
const sessionLines = [
  ['sessions.waiting', 'waiting'],
  ['sessions.aborted', 'aborted'],
  ['sessions.active', 'active'],
  ['sessions.idleInTransaction', 'idle in transaction'],
  ['sessions.other', 'other'],
  ['sessions.idle', 'idle'],
  ['sessions.hidden', 'hidden'],
] as const;

/** The charts of the overview. Sessions are always the whole server's, as is their limit. */
export function chartsOf(scope: Scope): readonly ChartDefinition[] {
  const of = (name: string): MetricName => `${scope}.${name}` as MetricName;
  return [
    {
      id: 'sessions',
      title: 'Sessions',
      unitLabel: scope === 'database' ? 'by state, whole server' : 'by state',
      unit: 'count',
      shape: 'stack',
      lines: sessionLines.map(([metric, state]) => ({
        id: state,
        metric,
        label: shortStateWords[state],
        color: sessionStateColors[state],
      })),
      format: shortCount,
      legend: 'live',
    },
    {
      id: 'transactions',
      title: 'Transactions',
      unitLabel: 'per second',
      unit: 'rate',
      shape: 'lines',
      lines: [
        { id: 'commits', metric: of('commits'), label: 'Commits', color: first },
        { id: 'rollbacks', metric: of('rollbacks'), label: 'Rollbacks', color: second },
      ],
      format: rate,
      legend: 'live',
    },
    {
      id: 'hit',
      title: 'Cache hit ratio',
      unitLabel: 'blocks found in shared buffers',
      unit: 'share',
      shape: 'lines',
      lines: [{ id: 'hit', metric: of('hit'), label: 'Hits', color: first }],
      format: percent,
      legend: 'live',
    },
    {
      id: 'tuples',
      title: 'Tuples',
      unitLabel: 'per second',
      unit: 'rate',
      shape: 'lines',
      lines: [
        { id: 'read', metric: of('tuplesRead'), label: 'Read', color: first },
        { id: 'written', metric: of('tuplesWritten'), label: 'Written', color: second },
      ],
      format: rate,
      legend: 'live',
    },
    {
      id: 'temp',
      title: 'Temporary files',
      unitLabel: 'bytes per second',
      unit: 'bytes',
      shape: 'lines',
      lines: [{ id: 'temp', metric: of('temp'), label: 'Written', color: first }],
      format: (value) => `${bytes(value)}/s`,
      legend: 'live',
    },
    {
      id: 'deadlocks',
      title: 'Deadlocks',
      unitLabel: 'in each step',
      unit: 'count',
      shape: 'bars',
      lines: [{ id: 'deadlocks', metric: of('deadlocks'), label: 'Deadlocks', color: second }],
      convert: countOf,
      format: shortCount,
      legend: 'sum',
    },
  ];
}

/** A mean rate over a step as how many there were; whatever happened at all is at least one. */
function countOf(perSecond: number, stepMs: number): number {
  return perSecond > 0 ? Math.max(1, Math.round((perSecond * stepMs) / 1000)) : 0;
}
