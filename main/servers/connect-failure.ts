import type { PeerCertificate } from 'node:tls';
import { placeOf, type Target } from './targets.ts';

/** What is known of one attempt beside its error. */
export interface Attempt {
  target: Target;
  /** Whether this attempt spoke TLS. */
  tls: boolean;
  /** Whether a connection was made at all: silence before and after it have other causes. */
  reached: boolean;
  /** The first bytes that came from there, at most 32. */
  firstBytes: Buffer | undefined;
  error: unknown;
  /** The network address on the other side; undefined for sockets and behind a tunnel. */
  peer?: string | undefined;
  /** What the server showed of itself in TLS. */
  certificate?: PeerCertificate | undefined;
  /** When each stage was passed, by performance.now(), ms. */
  marks: { reached?: number; encrypted?: number; accepted?: number };
}

/** Connecting failed, after one attempt or several; `cause` is the error that tells most. */
export class ConnectFailure extends Error {
  override name = 'ConnectFailure';
  /** The attempt that the failure is told by. */
  readonly attempt: Attempt;
  /** All of them, in order. */
  readonly attempts: readonly Attempt[];

  constructor(attempts: readonly Attempt[], telling: Attempt) {
    super(textOf(telling.error), { cause: telling.error });
    this.attempt = telling;
    this.attempts = attempts;
  }

  /** The hosts that were tried with what each said, for a connection with several. */
  get hosts(): { place: string; text: string }[] {
    const last = new Map<string, string>();
    for (const { target, error } of this.attempts) last.set(placeOf(target), textOf(error));
    return [...last].map(([place, text]) => ({ place, text }));
  }
}

/** The words of an error; several addresses of one name fail together, each with its own. */
export function textOf(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return error.errors.map(textOf).join('; ');
  if (error instanceof Error) return error.message || ('code' in error ? String(error.code) : error.name);
  return String(error);
}
