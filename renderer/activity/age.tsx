import { createContext, useContext, useMemo, useRef } from 'react';
import { age, dateTime } from '../components/format.ts';
import { RowGone } from '../components/table/row.tsx';
import { useNow } from '../components/use-now.ts';

/** How to come from this window's clock to the server's. */
export interface ServerClock {
  /** ms to add to this window's clock. */
  offset: number;
  /** Set while the view is paused: the server's time at which it stands still. */
  frozenAt: number | null;
}

const Clock = createContext<ServerClock>({ offset: 0, frozenAt: null });

export const ServerClockProvider = Clock.Provider;

/** The server's time now in ms, renewed each second from this window's own clock; the server is not asked. */
export function useServerNow(): number {
  const { offset, frozenAt } = useContext(Clock);
  const now = useNow();
  return frozenAt ?? now + offset;
}

/**
 * Keeps the distance between the two clocks. It follows a sample only when that differs by more than half a
 * second, so that a late packet makes no age jump.
 */
export function useServerClock(
  serverNow: number | undefined,
  received: number,
  frozenAt: number | null,
): ServerClock {
  const offset = useRef<number | null>(null);
  if (serverNow !== undefined) {
    const measured = serverNow - received;
    if (offset.current === null || Math.abs(measured - offset.current) > 500) offset.current = measured;
  }
  const settled = offset.current ?? 0;
  return useMemo(() => ({ offset: settled, frozenAt }), [settled, frozenAt]);
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** An age in as little room as it takes, so that a column of them lines up: `31 s`, `1:31`, `1:02:11`, `1 d 16 h`. */
export function compactAge(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  if (ms < minute) return `${Math.floor(ms / 1000)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)}:${two((ms % minute) / 1000)}`;
  if (ms < day) return `${Math.floor(ms / hour)}:${two((ms % hour) / minute)}:${two((ms % minute) / 1000)}`;
  return `${Math.floor(ms / day)} d ${Math.floor((ms % day) / hour)} h`;
}

interface AgeProps {
  /** The server's time since when; null shows a dash. */
  since: number | null;
  /** ms from which on the age is marked as worth a look, and as bad. */
  warnAfter?: number | undefined;
  badAfter?: number | undefined;
  /** In words, where there is room for them. */
  long?: boolean;
}

/** How old something is by the server's clock. Ticks by itself; the exact instant is on hover. */
export function Age({ since, warnAfter, badAfter, long = false }: AgeProps) {
  const ticking = useServerNow();
  const gone = useContext(RowGone);
  const last = useRef(ticking);
  if (!gone) last.current = ticking;
  const now = last.current;
  if (since === null) return <span style={{ color: 'var(--text-faint)' }}>–</span>;
  const ms = Math.max(0, now - since);
  const tone =
    badAfter !== undefined && ms >= badAfter
      ? { color: 'var(--bad)', fontWeight: 600 }
      : warnAfter !== undefined && ms >= warnAfter
        ? { color: 'var(--warning)', fontWeight: 600 }
        : undefined;
  return (
    <span style={tone} title={`${age(ms)}, since ${dateTime(since)}`}>
      {long ? age(ms) : compactAge(ms)}
    </span>
  );
}
