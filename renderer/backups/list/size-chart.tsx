import { useElementSize } from '@mantine/hooks';
import { memo, useMemo, useState } from 'react';
import { CartesianGrid, ComposedChart, Line, XAxis, YAxis } from 'recharts';
import type { Backup } from '../../../preload/contract/backups.ts';
import { bytes, dateTime, plural } from '../../components/format.ts';
import { timeLabels, timeTicks, valueTicks } from '../../metrics/axes.ts';
import { visible } from '../../migrations/words.ts';
import { proofState, proofWords } from '../words.ts';
import styles from './size-chart.module.css';
import { mostSeries, nearestPoint, type SizePoint, type SizeSeries, sizeSeries } from './size-series.ts';

const plot = { left: 60, right: 10, top: 8, bottom: 18 };
const axisText = { fontSize: 11, fill: 'var(--text-faint)' };
const colors = ['var(--series-1)', 'var(--series-2)', 'var(--series-3)', 'var(--series-4)'];
/** px around a dot in which it is meant. */
const reach = 14;

interface SizeChartProps {
  backups: readonly Backup[];
  onOpen: (backup: Backup) => void;
}

/** How large the backups were, each a dot. The table below says the same to who does not see it. */
export default function SizeChart({ backups, onOpen }: SizeChartProps) {
  const { ref, width, height } = useElementSize();
  const all = useMemo(() => sizeSeries(backups), [backups]);
  const series = useMemo(() => all.slice(0, mostSeries), [all]);
  const scale = useMemo(() => scaleOf(series, width, height), [series, width, height]);
  const [pointed, setPointed] = useState<ReturnType<typeof nearestPoint>>();
  const at = (event: React.MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return nearestPoint(series, event.clientX - box.left, event.clientY - box.top, scale.place, reach);
  };
  const shown = pointed?.point.backup;
  return (
    <section className={styles.card} aria-label="Size of the backups over time">
      <header className={styles.heading}>
        <h2 className={styles.title}>Size</h2>
        <ul className={styles.legend}>
          {series.map(({ key, kind, database }, place) => (
            <li key={key} title={database && visible(`${kind} of ${database}`)}>
              <span className={styles.swatch} style={{ background: colors[place] }} />
              {kind}
              {database && (
                <>
                  {' '}
                  of <bdi>{visible(database)}</bdi>
                </>
              )}
            </li>
          ))}
          {all.length > series.length && (
            <li>and {plural(all.length - series.length, 'kind')} that are not drawn</li>
          )}
        </ul>
        <span className={styles.reading}>
          {shown
            ? `${dateTime(shown.at).slice(0, 16)}, ${bytes(shown.bytes)}, ${proofWords[proofState(shown)].word.toLowerCase()}`
            : ''}
        </span>
      </header>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a shortcut to a row of the table below, which the keyboard walks. */}
      <div
        ref={ref}
        className={styles.picture}
        role="img"
        aria-label={`A chart of ${plural(backups.length, 'size')}; the table below holds the same.`}
        data-pointed={pointed !== undefined || undefined}
        onMouseMove={(event) => setPointed(at(event))}
        onMouseLeave={() => setPointed(undefined)}
        onClick={(event) => {
          const found = at(event)?.point.backup;
          if (found) onOpen(found);
        }}
      >
        {width > 0 && height > 0 && (
          <div aria-hidden>
            <Picture series={series} scale={scale} width={width} height={height} pointed={pointed?.point} />
          </div>
        )}
      </div>
    </section>
  );
}

interface PictureProps {
  series: readonly SizeSeries[];
  scale: ReturnType<typeof scaleOf>;
  width: number;
  height: number;
  pointed: SizePoint | undefined;
}

const Picture = memo(function Picture({ series, scale, width, height, pointed }: PictureProps) {
  const { from, to, ticks } = scale;
  const times = timeTicks(from, to, Math.max(2, Math.floor((width - plot.left) / 72)));
  const words = timeLabels(times, from, to);
  return (
    <ComposedChart
      width={width}
      height={height}
      margin={{ top: plot.top, right: plot.right, bottom: 0, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke="var(--line)" syncWithTicks />
      <XAxis
        dataKey="at"
        type="number"
        domain={[from, to]}
        allowDataOverflow
        allowDuplicatedCategory={false}
        ticks={times}
        tickFormatter={(at: number) => words.get(at) ?? ''}
        height={plot.bottom}
        tick={axisText}
        tickLine={false}
        axisLine={{ stroke: 'var(--line-strong)' }}
        interval="preserveStartEnd"
        minTickGap={8}
      />
      <YAxis
        width={plot.left}
        domain={[0, ticks.at(-1) ?? 1]}
        ticks={ticks}
        interval={0}
        tickFormatter={(value: number) => bytes(value)}
        tick={axisText}
        tickLine={false}
        axisLine={false}
      />
      {series.map(({ key: name, points }, place) => (
        <Line
          key={name}
          data={points}
          dataKey="bytes"
          type="linear"
          stroke={colors[place] ?? ''}
          strokeWidth={1.5}
          isAnimationActive={false}
          connectNulls={false}
          activeDot={false}
          legendType="none"
          dot={({ key, cx, cy, payload }) => (
            <Dot
              key={key}
              x={cx}
              y={cy}
              point={payload as SizePoint}
              color={colors[place] ?? ''}
              isPointed={payload === pointed}
            />
          )}
        />
      ))}
    </ComposedChart>
  );
});

interface DotProps {
  x: number | undefined;
  y: number | undefined;
  point: SizePoint;
  color: string;
  isPointed: boolean;
}

/** Filled: proven. A ring: not proven, or gone. A cross: damaged. */
function Dot({ x, y, point: { backup }, color, isPointed }: DotProps) {
  if (x === undefined || y === undefined || !backup) return <g />;
  const state = proofState(backup);
  const radius = isPointed ? 5 : 3;
  if (state === 'damaged') {
    return (
      <path
        d={`M${x - radius} ${y - radius}l${2 * radius} ${2 * radius}m0 ${-2 * radius}l${-2 * radius} ${2 * radius}`}
        stroke="var(--bad)"
        strokeWidth={2}
      />
    );
  }
  const isProven = state === 'restorable' || state === 'readable';
  return (
    <circle
      cx={x}
      cy={y}
      r={radius}
      fill={isProven ? color : 'var(--surface)'}
      stroke={color}
      strokeWidth={1.5}
    />
  );
}

const hour = 60 * 60 * 1000;

function scaleOf(series: readonly SizeSeries[], width: number, height: number) {
  const points = series.flatMap((one) => one.points.filter(({ backup }) => backup));
  const times = points.map(({ at }) => at);
  const first = Math.min(...times);
  const last = Math.max(...times);
  // Dots at the edges are seen whole; few minutes apart they do not fill the whole width.
  const margin = Math.max((last - first) * 0.02, hour - (last - first) > 0 ? (hour - (last - first)) / 2 : 0);
  const from = first - margin;
  const to = last + margin;
  const top = Math.max(1, ...points.map((point) => point.bytes ?? 0));
  const ticks = valueTicks(top, 'bytes', 2);
  const end = ticks.at(-1) ?? 1;
  const place = ({ at, bytes: size }: SizePoint): readonly [number, number] => [
    plot.left + ((at - from) / (to - from)) * (width - plot.left - plot.right),
    plot.top + (1 - (size ?? 0) / end) * (height - plot.top - plot.bottom),
  ];
  return { from, to, ticks, place };
}
