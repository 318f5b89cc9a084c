import { ORPCError } from '@orpc/client';
import type { Explanation } from '../../preload/contract/common.ts';
import { explanationIn, fieldIn } from '../../preload/contract/error-data.ts';

/** Turns whatever was thrown into what happened, why, and what to do. Nothing is swallowed. */
export function explain(error: unknown): Explanation {
  if (error instanceof ORPCError) {
    return (
      explanationIn(error.data) ?? {
        what: 'The console could not do that.',
        why: error.message,
        next: 'Try again; if it stays, copy this message into an issue report.',
        cause: error.code.toLowerCase(),
      }
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  if (!linkWords.test(message)) {
    return {
      what: 'Something in this window failed.',
      why: message,
      next: 'Try again; if it stays, copy this message into an issue report.',
      cause: 'window',
    };
  }
  return {
    what: 'The console behind this window does not answer.',
    why: 'The connection to it broke off.',
    next: 'This window connects again by itself. If Howdah was started anew, open the address that it prints.',
    cause: 'link',
    server: { message },
  };
}

/** How the client, the socket and the port speak of a link that is gone. */
const linkWords = /AsyncIdQueue|websocket|socket|closed|abort|message ?port|network|fetch/i;

/** The field an error speaks of, when it speaks of one. */
export function errorField(error: unknown): string | undefined {
  return error instanceof ORPCError ? fieldIn(error.data) : undefined;
}
