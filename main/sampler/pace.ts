/** The pace of the live sample, in ms of wall time and ms of server time. */
export interface Pace {
  intervalMs: number;
  /** Whether cost, not the asked pace, decides. */
  slowed: boolean;
}

/** Server time that live samples may take, ms a second. */
const budgetMsPerSecond = 2;
const slowestMs = 60_000;

/** How long to wait before the next sample, given what recent ones cost the server. */
export function pace(askedMs: number, recentServerMs: number): Pace {
  const affordable = (recentServerMs / budgetMsPerSecond) * 1000;
  const intervalMs = Math.min(slowestMs, Math.max(askedMs, affordable));
  return { intervalMs, slowed: intervalMs > askedMs };
}

/**
 * How long to wait before attempt number `failures` + 1, ms: 1 s, doubling up to 15 s, each shortened by up
 * to a third so that many environments on one lost server do not come back in step.
 */
export function backoff(failures: number, random: () => number): number {
  const full = Math.min(15_000, 1000 * 2 ** Math.max(0, failures - 1));
  return Math.round(full * (1 - random() / 3));
}
