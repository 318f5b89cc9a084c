import type { Clock } from '../../main/lib/clock.ts';

/** A clock that stands still until it is set. */
export interface SetClock extends Clock {
  /** Goes there, and calls what is due on the way, at its moment. */
  set(to: string | number): void;
  /** Is there at once, as after sleep: what was due is called late. */
  jump(to: string | number): void;
}

export function setClock(start: string): SetClock {
  let now = Date.parse(start);
  const calls = new Set<{ at: number; call: () => void }>();
  const moment = (to: string | number): number => (typeof to === 'number' ? to : Date.parse(to));
  const next = (until: number) => [...calls].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    later: (ms, call) => {
      const one = { at: now + ms, call };
      calls.add(one);
      return () => void calls.delete(one);
    },
    set: (to) => {
      const until = moment(to);
      for (let due = next(until); due; due = next(until)) {
        calls.delete(due);
        now = Math.max(now, due.at);
        due.call();
      }
      now = until;
    },
    jump: (to) => {
      now = moment(to);
      // A timer goes by the time that has passed, not by the clock: one of some seconds is due soon in any case.
      for (const one of [...calls]) {
        calls.delete(one);
        one.call();
      }
    },
  };
}
