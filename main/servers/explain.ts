import { DatabaseError } from 'pg';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Ask, Connection } from '../../preload/contract/connection.ts';
import { WayProblem } from '../lib/way-problem.ts';
import { ConnectFailure } from './connect-failure.ts';
import { codeOf } from './error-code.ts';
import type { Circumstances, Known } from './known.ts';
import { recogniseLoss, recogniseNetwork } from './recognise-network.ts';
import { passwordMissing, recogniseServer } from './recognise-server.ts';
import { recogniseTls } from './recognise-tls.ts';
import { placeOf } from './targets.ts';

/** A failure to connect as it is told: in words, what a person must answer, and whether to try again. */
export interface Diagnosis {
  problem: Explanation;
  ask: Ask | undefined;
  /**
   * Whether to try again by itself. Never after a refusal of who we are: repeated wrong passwords lock accounts,
   * and only a person can mend them.
   */
  retry: boolean;
}

/**
 * Whether the session is still good after this error: the server spoke, and not to end it (classes 08 and 57P,
 * and the time-out of an idle transaction; PostgreSQL manual, appendix A).
 */
export function keepsSession(error: unknown): boolean {
  return error instanceof DatabaseError && !/^(08|57P|25P03)/.test(error.code ?? '');
}

/** The parts of an error that the server itself gave (PostgreSQL manual, "Error and Notice Message Fields"). */
export function serverWords(error: unknown): Explanation['server'] {
  if (!(error instanceof Error)) return { message: String(error) };
  if (error instanceof ConnectFailure) return serverWords(error.attempt.error);
  const { detail, hint } = error as { detail?: string; hint?: string };
  const code = codeOf(error);
  const place = error instanceof DatabaseError ? 'sqlstate' : 'system';
  return {
    message: error.message || code || 'no message',
    ...(code ? { [place]: code } : {}),
    ...(detail ? { detail } : {}),
    ...(hint ? { hint } : {}),
  };
}

/** Says why a connection failed: cause, why, and what to do, with the server's words beneath. */
export function explain(error: unknown, connection: Connection, passwordKnown: boolean): Diagnosis {
  const inner = error instanceof ConnectFailure ? error.attempt.error : error;
  if (inner instanceof WayProblem) {
    const problem = withHosts(inner.explanation, error);
    return { problem, ask: inner.ask, retry: inner.retry };
  }
  const attempt = error instanceof ConnectFailure ? error.attempt : undefined;
  const target = attempt?.target ?? connection;
  const { retry, ...words } = recognise(inner, {
    connection,
    target,
    place: placeOf(target),
    passwordKnown,
    tls: attempt?.tls ?? false,
    reached: attempt?.reached ?? true,
    firstBytes: attempt?.firstBytes,
    certificate: attempt?.certificate,
  });
  // What the library says of an empty password is nobody's words but its own.
  const server =
    inner instanceof DatabaseError || words.cause !== 'password-missing' ? serverWords(inner) : undefined;
  return { problem: withHosts({ ...words, ...(server ? { server } : {}) }, error), ask: undefined, retry };
}

function recognise(error: unknown, at: Circumstances): Known {
  const message = error instanceof Error ? error.message : String(error);
  const known =
    recogniseServer(error, at) ??
    (/password must be a|no password supplied|empty password|SASL.*password/i.test(message)
      ? passwordMissing(at)
      : undefined) ??
    recogniseNetwork(error, at) ??
    recogniseTls(error, at) ??
    recogniseLoss(error, at);
  if (known) return known;
  const code = codeOf(error);
  return {
    cause: 'other',
    what: `Connecting to ${at.place} failed.`,
    why: message,
    next: 'The words of the server or the system are below.',
    retry:
      code === undefined || !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('57') || code.startsWith('53'),
  };
}

/** Of several hosts each one's answer is worth a line. */
function withHosts(problem: Explanation, error: unknown): Explanation {
  const hosts = error instanceof ConnectFailure ? error.hosts : [];
  if (hosts.length < 2) return problem;
  const lines = hosts.map(({ place, text }) => `${place}: ${text.replace(/\.$/, '')}`).join('; ');
  return { ...problem, why: `${problem.why} Of ${hosts.length} hosts none would do: ${lines}.` };
}
