import { userInfo } from 'node:os';
import type { AnyRouter, Context } from '@orpc/server';

/** Who calls, for the audit log: an account of the operating system and the face it used. */
export interface Caller {
  who: string;
  face: string;
}

/** The part of a console that a face needs: what to call, and in whose name. */
export interface Answering {
  router: AnyRouter;
  context(caller: Caller): Context;
}

/** Takes lines about what went wrong on the way, for the log. Never holds a secret. */
export type Log = (line: string) => void;

/** The account of the operating system that runs this process. */
export function account(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the system's user table, as in some containers.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
