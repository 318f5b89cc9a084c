/** The time, and a call at a later one. Tests give one that they set themselves. */
export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** Gives what takes the call back. */
  later(ms: number, call: () => void): () => void;
}

export const realClock: Clock = {
  now: () => Date.now(),
  later: (ms, call) => {
    const timer = setTimeout(call, ms).unref();
    return () => clearTimeout(timer);
  },
};
