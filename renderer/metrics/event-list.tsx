import { memo } from 'react';
import type { ServerEvent } from '../../preload/contract/metrics.ts';
import { dateTime, plural } from '../components/format.ts';
import { instantLabel } from './axes.ts';
import { type Crosshair, usePointing } from './crosshair.ts';
import { eventsAround, kindOf } from './event-kinds.ts';
import styles from './event-list.module.css';

interface EventListProps {
  events: readonly ServerEvent[];
  /** Older ones of the window that are not among them. */
  leftOut: number;
  from: number;
  to: number;
  crosshair: Crosshair;
}

/** How much of the window, to either side of the pointer, counts as around it; at least so many ms. */
const reach = 0.025;
const leastReachMs = 30_000;
const day = 24 * 3_600_000;

/**
 * What happened at the server: around the instant under the pointer on a chart of the page, else in the whole window,
 * newest first. Answers "what changed at 14:05?".
 */
export const EventList = memo(function EventList(props: EventListProps) {
  const { events, leftOut, from, to, crosshair } = props;
  const { at, span } = usePointing(crosshair);
  const within = events.filter((event) => event.at >= from && event.at <= to);
  const shown = span
    ? within.filter((event) => event.at >= span[0] && event.at <= span[1])
    : at === null
      ? within
      : eventsAround(within, at, Math.max(leastReachMs, (to - from) * reach));
  const where = span ? 'in the drawn span' : at === null ? 'in this window' : `around ${instantLabel(at)}`;
  return (
    <section className={styles.panel} aria-label="Events">
      <header className={styles.heading}>
        <h2 className={styles.title}>Events</h2>
        <span className={styles.where}>
          {shown.length > 0 && at !== null && `${plural(shown.length, 'event')} `}
          {where}
        </span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must reach it. */}
      <ol className={styles.list} tabIndex={0} aria-label={`Events ${where}, newest first`}>
        {shown
          .toReversed()
          .slice(0, mostShown)
          .map((event) => {
            const { label, tone } = kindOf(event);
            return (
              <li
                key={`${event.at} ${event.kind} ${event.text}`}
                title={`${dateTime(event.at)} ${event.text}`}
              >
                <span className={styles.mark} data-tone={tone} aria-hidden />
                <time className={styles.time}>{instantLabel(event.at, Date.now(), to - from <= day)}</time>
                <span className={styles.kind}>{label}</span>
                <span>{event.text}</span>
              </li>
            );
          })}
      </ol>
      {shown.length === 0 && <p className={styles.none}>Nothing was noted {where}.</p>}
      {shown.length > mostShown && <p className={styles.more}>and {shown.length - mostShown} more</p>}
      {leftOut > 0 && at === null && !span && (
        <p className={styles.more}>{plural(leftOut, 'older event')} of this window not listed: zoom in.</p>
      )}
    </section>
  );
});

const mostShown = 100;
