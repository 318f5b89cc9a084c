const minute = 60_000;

/** From when on what a sample shows deserves a person's attention: on the rail, the overview, and in the health report. */
export const limits = {
  /** Share of the connections that roles without reserved ones can take. */
  connections: { warning: 0.8, bad: 0.95 },
  /** How long a session is idle within its transaction, ms. */
  idleInTransaction: { notice: minute, warning: 5 * minute, bad: 30 * minute },
} as const;
