import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import type { ServerEvent } from '../../preload/contract/metrics.ts';
import { dateTime } from '../components/format.ts';
import { instantLabel } from './axes.ts';
import { type Crosshair, usePointing } from './crosshair.ts';
import { kindOf } from './event-kinds.ts';
import styles from './overlay.module.css';
import { plot } from './time-chart.tsx';

interface ChartOverlayProps {
  /** The chart's name, for screen readers. */
  name: string;
  id: string;
  /** What the chart says at an instant, or now where there is none; read aloud when it has the focus. */
  reading: (at: number | null) => string;
  from: number;
  to: number;
  /** ms that one press of an arrow key moves. */
  stepMs: number;
  width: number;
  height: number;
  events: readonly ServerEvent[];
  crosshair: Crosshair;
  onZoom: (span: readonly [number, number]) => void;
  onBack: () => void;
}

/** The least a pointer must travel for a drag to be a zoom, px. */
const leastDrag = 6;
const day = 24 * 3_600_000;
/** How near to a mark the pointer shows what it says, px. */
const near = 5;
/** The most events that one place names. */
const mostNamed = 8;

/** What lies on a chart and moves: the crosshair, the span being drawn, the marks of events. */
export function ChartOverlay(props: ChartOverlayProps) {
  const { name, id, reading, from, to, stepMs, width, height, events, crosshair, onZoom, onBack } = props;
  const { at, chart, span } = usePointing(crosshair);
  const [start, setStart] = useState<number | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const plotWidth = Math.max(1, width - plot.left - plot.right);
  const xOf = (instant: number): number => ((instant - from) / (to - from)) * plotWidth;
  const instantAt = (event: PointerEvent): number => {
    const box = area.current?.getBoundingClientRect();
    const share = box ? (event.clientX - box.left) / box.width : 0;
    return from + Math.max(0, Math.min(1, share)) * (to - from);
  };

  const onPointerMove = (event: PointerEvent): void => {
    const here = instantAt(event);
    crosshair.point(here, id);
    if (start !== null) crosshair.draw(ordered(start, here));
  };
  const onPointerUp = (event: PointerEvent): void => {
    if (start === null) return;
    const drawn = ordered(start, instantAt(event));
    setStart(null);
    crosshair.draw(null);
    if (xOf(drawn[1]) - xOf(drawn[0]) >= leastDrag) onZoom(drawn);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const middle = at ?? (from + to) / 2;
    const move = (by: number): void => crosshair.point(Math.max(from, Math.min(to, middle + by)), id);
    const far = event.shiftKey ? 10 : 1;
    if (event.key === 'ArrowLeft') move(-stepMs * far);
    else if (event.key === 'ArrowRight') move(stepMs * far);
    else if (event.key === 'Home') crosshair.point(from, id);
    else if (event.key === 'End') crosshair.point(to, id);
    else if (event.key === 'Enter') onZoom([middle - (to - from) / 8, middle + (to - from) / 8]);
    else if (event.key === 'Escape') {
      if (at === null) onBack();
      else crosshair.point(null, null);
    } else return;
    event.preventDefault();
  };

  const close =
    chart === id && at !== null ? events.filter((event) => Math.abs(xOf(event.at) - xOf(at)) <= near) : [];
  const x = at === null ? null : xOf(at);
  return (
    <div
      ref={area}
      className={styles.overlay}
      role="slider"
      tabIndex={0}
      aria-label={`${name}: instant`}
      aria-valuemin={from}
      aria-valuemax={to}
      aria-valuenow={at ?? to}
      aria-valuetext={`${at === null ? 'now' : dateTime(at)}: ${reading(at)}`}
      style={{ left: plot.left, top: plot.top, width: plotWidth, height: height - plot.top - plot.bottom }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setStart(instantAt(event));
      }}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        setStart(null);
        crosshair.draw(null);
      }}
      onPointerLeave={() => start === null && crosshair.point(null, null)}
      onDoubleClick={onBack}
      onKeyDown={onKeyDown}
      onBlur={() => crosshair.point(null, null)}
    >
      {events.map((event) => (
        <span
          key={`${event.at} ${event.kind} ${event.text}`}
          className={styles.event}
          data-tone={kindOf(event).tone}
          style={{ transform: `translateX(${xOf(event.at)}px)` }}
        />
      ))}
      {span && (
        <span
          className={styles.span}
          style={{ left: xOf(span[0]), width: Math.max(0, xOf(span[1]) - xOf(span[0])) }}
        />
      )}
      {x !== null && x >= 0 && x <= plotWidth && (
        <span className={styles.crosshair} style={{ transform: `translateX(${x}px)` }} />
      )}
      {chart === id && at !== null && x !== null && (
        <span className={styles.instant} style={{ left: Math.max(44, Math.min(plotWidth - 44, x)) }}>
          {instantLabel(at, Date.now(), to - from <= day)}
        </span>
      )}
      {close.length > 0 && x !== null && (
        <span className={styles.label} data-side={x > plotWidth / 2 ? 'left' : 'right'} style={{ left: x }}>
          {close.slice(-mostNamed).map((event) => (
            <span key={`${event.at} ${event.text}`}>
              {instantLabel(event.at, Date.now(), to - from <= day)} <strong>{kindOf(event).label}</strong>{' '}
              {event.text}
            </span>
          ))}
          {close.length > mostNamed && <span>and {close.length - mostNamed} before</span>}
        </span>
      )}
    </div>
  );
}

function ordered(a: number, b: number): readonly [number, number] {
  return a < b ? [a, b] : [b, a];
}
