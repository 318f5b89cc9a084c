import { oc } from '@orpc/contract';
import { z } from 'zod';

/** What a procedure does to the thing it is pointed at. */
export type Risk = 'read' | 'change' | 'destroy';

/**
 * Meta carried by every procedure.
 * `target: 'server'` means that it acts on an environment's PostgreSQL: the environment's protection then
 * decides. `target: 'console'` means that only Howdah's own settings or store are touched.
 */
export interface Meta {
  risk: Risk;
  target: 'server' | 'console';
  /** False for changes that are nobody's business later, such as a column's width. */
  audited?: false;
}

/** The server's own words, passed on unaltered. SQLSTATE: PostgreSQL manual, appendix A. */
export const ServerWords = z.object({
  message: z.string(),
  sqlstate: z.string().optional(),
  /** The operating system's code, such as ECONNREFUSED, where it was not the server that spoke. */
  system: z.string().optional(),
  detail: z.string().optional(),
  hint: z.string().optional(),
});

/** What happened, why, and what to do next; then the server's words. Every error of the contract carries one. */
export const Explanation = z.object({
  what: z.string(),
  why: z.string(),
  next: z.string(),
  /** Stable identifier for scripts, for example `password-wrong`. */
  cause: z.string(),
  /** A command, for a shell or for SQL, that shows the cause or mends it. */
  command: z.string().optional(),
  server: ServerWords.optional(),
});
export type Explanation = z.infer<typeof Explanation>;

const explained = { data: Explanation };

/** The closed set of errors that any procedure may answer with. */
export const commonErrors = {
  ENVIRONMENT_UNKNOWN: { status: 404, ...explained },
  CONFIRMATION_REQUIRED: { status: 428, data: Explanation.extend({ environmentName: z.string() }) },
  PROTECTED_READ_ONLY: { status: 403, ...explained },
  /** A field of the input is wrong in a way that only the console can know (a name taken, for example). */
  INVALID: { status: 422, data: Explanation.extend({ field: z.string() }) },
  NOT_CONNECTED: { status: 503, ...explained },
  /** The server answered with an error of its own. */
  SERVER_ERROR: { status: 502, ...explained },
  /** Nobody foresaw it; shown whole. */
  UNEXPECTED: { status: 500, ...explained },
} as const;

const base = oc.$meta<Meta>({ risk: 'read', target: 'console' }).errors(commonErrors);

/** Looks only. */
export const read = base.meta({ risk: 'read', target: 'server' });
/** Changes Howdah's own settings or store. */
export const changeConsole = base.meta({ risk: 'change', target: 'console' });
/** Changes something of the console's own that is not worth a line in the audit log. */
export const adjustConsole = base.meta({ risk: 'change', target: 'console', audited: false });
/** Changes something on a server that can be undone or repeated. */
export const changeServer = base.meta({ risk: 'change', target: 'server' });
/** Ends or removes something on a server. */
export const destroyOnServer = base.meta({ risk: 'destroy', target: 'server' });

/** An environment's id, or its name. */
export const EnvironmentRef = z.string().min(1).max(200);

export const onEnvironment = z.object({ environment: EnvironmentRef });

/** Input of whatever changes or destroys on a server: `confirm` is the environment's name as typed by a person. */
export const onGuardedEnvironment = onEnvironment.extend({ confirm: z.string().max(200).optional() });

/** Milliseconds since 1970, UTC. */
export const Instant = z.number();
