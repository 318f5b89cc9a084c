import { age, dateTime } from './format.ts';
import { useNow } from './use-now.ts';

interface TimeAgoProps {
  /** The instant in ms since 1970; null shows a dash. */
  at: number | null | undefined;
  /** ms to add to this window's clock to get the clock by which `at` was taken. */
  clockOffset?: number;
  /** `ago` says "4 min 12 s ago"; `age` only "4 min 12 s". */
  as?: 'ago' | 'age';
}

/** How long ago something was; ticks each second by itself. The exact time is on hover. */
export function TimeAgo({ at, clockOffset = 0, as = 'ago' }: TimeAgoProps) {
  const now = useNow();
  if (at === null || at === undefined) return <span aria-hidden>–</span>;
  const ms = now + clockOffset - at;
  const text = as === 'age' ? age(ms) : ms < 1000 ? 'now' : `${age(ms)} ago`;
  return (
    <time dateTime={new Date(at).toISOString()} title={dateTime(at)}>
      {text}
    </time>
  );
}
