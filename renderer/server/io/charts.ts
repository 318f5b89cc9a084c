import type { RateName, Rates } from '../../../preload/contract/server.ts';
import { bytes, duration, shortCount } from '../../components/format.ts';
import type { Unit } from '../../metrics/axes.ts';
import type { ChartPoint, LineDefinition } from '../../metrics/chart-data.ts';

export interface RateChart {
  id: string;
  title: string;
  unitLabel: string;
  unit: Unit;
  shape: 'stack' | 'lines' | 'bars';
  lines: readonly (LineDefinition & { rate: RateName })[];
  format: (value: number) => string;
  legend: 'sum' | 'newest';
  /** Rates a second are shown as how many there were in a step. */
  counts?: boolean;
}

const first = 'var(--series-first)';
const second = 'var(--series-second)';
const third = 'var(--series-third)';
const perSecond = (value: number): string => `${bytes(value)}/s`;

export const rateCharts: readonly RateChart[] = [
  {
    id: 'wal',
    title: 'WAL',
    unitLabel: 'bytes per second',
    unit: 'bytes',
    shape: 'lines',
    lines: [{ id: 'wal', rate: 'wal', label: 'Written', color: first }],
    format: perSecond,
    legend: 'newest',
  },
  {
    id: 'checkpoints',
    title: 'Checkpoints',
    unitLabel: 'in each step',
    unit: 'count',
    shape: 'stack',
    lines: [
      { id: 'timed', rate: 'checkpoints.timed', label: 'By the clock', color: first },
      { id: 'requested', rate: 'checkpoints.requested', label: 'Before their time', color: second },
    ],
    format: shortCount,
    legend: 'sum',
    counts: true,
  },
  {
    id: 'written',
    title: 'Pages written by',
    unitLabel: 'bytes per second',
    unit: 'bytes',
    shape: 'stack',
    lines: [
      { id: 'checkpointer', rate: 'written.checkpointer', label: 'Checkpointer', color: first },
      { id: 'background', rate: 'written.background', label: 'Background writer', color: third },
      { id: 'backends', rate: 'written.backends', label: 'Backends', color: second },
    ],
    format: perSecond,
    legend: 'newest',
  },
  {
    id: 'read',
    title: 'Read and grown',
    unitLabel: 'bytes per second',
    unit: 'bytes',
    shape: 'lines',
    lines: [
      { id: 'read', rate: 'read', label: 'Read into shared buffers', color: first },
      { id: 'extended', rate: 'extended', label: 'Files grown', color: second },
    ],
    format: perSecond,
    legend: 'newest',
  },
  {
    id: 'lag',
    title: 'Behind',
    unitLabel: 'bytes, the furthest',
    unit: 'bytes',
    shape: 'lines',
    lines: [
      { id: 'lag', rate: 'lag.bytes', label: 'Not replayed by a receiver', color: first },
      { id: 'slots', rate: 'slots.kept', label: 'Kept by a slot', color: second },
    ],
    format: (value) => bytes(value),
    legend: 'newest',
  },
  {
    id: 'delay',
    title: 'Replay lag',
    unitLabel: 'the longest',
    unit: 'ms',
    shape: 'lines',
    lines: [{ id: 'delay', rate: 'lag.ms', label: 'Replay lag', color: first }],
    format: duration,
    legend: 'newest',
  },
];

/** The points of a chart, each in the middle of its step. */
export function ratePoints(rates: Rates, chart: RateChart): ChartPoint[] {
  const { from, to, stepMs, series } = rates;
  const convert = (value: number | null | undefined): number | null =>
    value === null || value === undefined ? null : chart.counts ? (value * stepMs) / 1000 : value;
  const lines = chart.lines.map(({ rate }) => series[rate]);
  return Array.from({ length: Math.max(1, Math.ceil((to - from) / stepMs)) }, (_, place) => ({
    at: from + (place + 0.5) * stepMs,
    values: lines.map((line) => convert(line?.mean[place])),
    bands: lines.map((line) => {
      const [low, high] = [convert(line?.low[place]), convert(line?.high[place])];
      return chart.shape !== 'lines' || low === null || high === null || low === high
        ? null
        : ([low, high] as const);
    }),
  }));
}
