/** What happened within a step beside its counters, a bit each. */
export const marks = {
  /** All counters were set to zero. */
  reset: 1,
  /** The server was started anew. */
  restarted: 2,
  /** Part of what was done was reset, evicted or lost before it could be read. */
  lost: 4,
  /** Nobody looked for so long that the step says little about when things were done. */
  unwatched: 8,
} as const;

/** A step longer than this is called unwatched, ms: longer than the slowest beat. */
export const unwatchedMs = 12 * 60_000;
