import { memo } from 'react';
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  type DotItemDotProps,
  Line,
  ReferenceLine,
  XAxis,
  YAxis,
} from 'recharts';
import { timeLabels, timeTicks, type Unit, valueTicks } from './axes.ts';
import { type ChartPoint, isolated, type LineDefinition, stack } from './chart-data.ts';

/** A line across the chart, such as max_connections. */
export interface Limit {
  value: number;
  label: string;
  /** Drawn fainter: a limit within the limit. */
  minor?: boolean;
}

interface TimeChartProps {
  points: readonly ChartPoint[];
  lines: readonly LineDefinition[];
  shape: 'stack' | 'lines' | 'bars';
  unit: Unit;
  from: number;
  to: number;
  /** Top of what is to be seen; the axis ends at a round value above it. */
  top: number;
  limits: readonly Limit[];
  width: number;
  height: number;
  axisLabel: (value: number) => string;
}

/** Where the plot lies within the chart, px. The overlay is laid on it. */
export const plot = { left: 52, right: 8, top: 6, bottom: 18 };

const axisText = { fontSize: 11, fill: 'var(--text-faint)' };
const margin = { top: plot.top, right: plot.right, bottom: 0, left: 0 };

/** The picture of one chart and nothing that moves with the pointer. Drawn again only when its data change. */
export const TimeChart = memo(function TimeChart(props: TimeChartProps) {
  const { points, lines, shape, unit, from, to, top, limits, width, height, axisLabel } = props;
  const plotHeight = height - plot.top - plot.bottom;
  const ticks = valueTicks(top, unit, plotHeight > 200 ? 5 : plotHeight > 110 ? 4 : 2);
  const end = ticks.at(-1) ?? 1;
  const times = timeTicks(from, to, Math.max(2, Math.floor((width - plot.left) / 64)));
  const timeWords = timeLabels(times, from, to);
  const stacked = shape === 'stack' ? stack(points) : [];

  return (
    <ComposedChart
      width={width}
      height={height}
      data={points as ChartPoint[]}
      margin={margin}
      barCategoryGap={0}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke="var(--line)" syncWithTicks />
      <XAxis
        dataKey="at"
        type="number"
        domain={[from, to]}
        allowDataOverflow
        ticks={times}
        tickFormatter={(at: number) => timeWords.get(at) ?? ''}
        height={plot.bottom}
        tick={axisText}
        tickLine={false}
        axisLine={{ stroke: 'var(--line-strong)' }}
        interval="preserveStartEnd"
        minTickGap={8}
      />
      <YAxis
        width={plot.left}
        domain={[0, end]}
        allowDataOverflow
        ticks={ticks}
        interval={0}
        tickFormatter={axisLabel}
        tick={axisText}
        tickLine={false}
        axisLine={false}
      />
      {lines.map((line, place) => {
        // A layer without height would still draw its edge.
        if (shape === 'stack' && !points.some(({ values }) => (values[place] ?? 0) > 0)) return null;
        const alone = isolated(points, place);
        const common = {
          isAnimationActive: false,
          connectNulls: false,
          activeDot: false,
          legendType: 'none',
        } as const;
        if (shape === 'bars') {
          return [
            // The base of the bars: a measured zero is told from what was not measured.
            <Line
              key={`${line.id}-base`}
              {...common}
              type="linear"
              dataKey={(point: ChartPoint) => ((point.values[place] ?? null) === null ? null : 0)}
              stroke={line.color}
              strokeWidth={4}
              strokeOpacity={0.7}
              dot={alone.size > 0 ? dotsAt(alone, line.color) : false}
            />,
            <Bar
              key={line.id}
              dataKey={(point: ChartPoint) => point.values[place] || null}
              fill={line.color}
              isAnimationActive={false}
              minPointSize={2}
              maxBarSize={6}
            />,
          ];
        }
        if (shape === 'stack') {
          return (
            <Area
              key={line.id}
              {...common}
              type="linear"
              dataKey={stackedKey(points, stacked, place)}
              stroke={line.color}
              strokeWidth={1}
              fill={line.color}
              fillOpacity={0.75}
              dot={alone.size > 0 ? dotsAt(alone, line.color) : false}
            />
          );
        }
        return [
          points.some(({ bands }) => bands[place]) && (
            <Area
              key={`${line.id}-band`}
              {...common}
              type="linear"
              dataKey={(point: ChartPoint) => point.bands[place] as [number, number] | null}
              stroke="none"
              fill={line.color}
              fillOpacity={0.18}
            />
          ),
          <Line
            key={line.id}
            {...common}
            type="linear"
            dataKey={(point: ChartPoint) => point.values[place]}
            stroke={line.color}
            strokeWidth={1.5}
            dot={alone.size > 0 ? dotsAt(alone, line.color) : false}
          />,
        ];
      })}
      {limits.map(
        ({ value, minor }) =>
          value <= end && (
            <ReferenceLine
              key={value}
              y={value}
              stroke={minor ? 'var(--text-faint)' : 'var(--bad)'}
              strokeDasharray={minor ? '2 3' : '5 3'}
              strokeWidth={1}
            />
          ),
      )}
    </ComposedChart>
  );
});

/** Points know their place by identity, so that a stacked band is found without counting. */
function stackedKey(
  points: readonly ChartPoint[],
  stacked: ReturnType<typeof stack>,
  line: number,
): (point: ChartPoint) => [number, number] | null {
  const bands = new Map(points.map((point, place) => [point, stacked[place]?.[line] ?? null]));
  return (point) => bands.get(point) as [number, number] | null;
}

function dotsAt(alone: ReadonlySet<number>, color: string) {
  return ({ key, cx, cy, index }: DotItemDotProps) =>
    alone.has(index) && cx !== undefined && cy !== undefined ? (
      <circle key={key} cx={cx} cy={cy} r={1.5} fill={color} />
    ) : (
      <g key={key} />
    );
}
