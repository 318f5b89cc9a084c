import { useMemo, useState } from 'react';
import type { Growth } from '../../../preload/contract/storage.ts';
import { bytes } from '../../components/format.ts';
import { Crosshair } from '../../metrics/crosshair.ts';
import { SeriesChart } from '../../metrics/series-chart.tsx';
import { sizePoints } from '../../metrics/size-points.ts';

const lines = [{ id: 'size', label: 'Size', color: 'var(--env-blue)' }] as const;
const format = (value: number): string => bytes(value);

interface GrowthChartProps {
  id: string;
  title: string;
  growth: Growth;
}

/** A size over the window, with what happened meanwhile. */
export function GrowthChart({
  id,
  title,
  growth: { from, to, points: measured, events, of },
}: GrowthChartProps) {
  const [crosshair] = useState(() => new Crosshair());
  const [zoomed, setZoomed] = useState<readonly [number, number]>();
  const points = useMemo(() => sizePoints(measured), [measured]);
  const [start, end] = zoomed ?? [from, to];
  const inSight = useMemo(() => points.filter(({ at }) => at >= start && at <= end), [points, start, end]);
  return (
    <SeriesChart
      id={id}
      title={title}
      unitLabel={of.kind === 'database' ? 'with its catalogs' : 'heap, TOAST and indexes'}
      unit="bytes"
      shape="lines"
      lines={lines}
      points={inSight}
      format={format}
      legend="newest"
      from={start}
      to={end}
      stepMs={(end - start) / 100}
      events={events}
      crosshair={crosshair}
      onZoom={setZoomed}
      onBack={() => setZoomed(undefined)}
    />
  );
}
