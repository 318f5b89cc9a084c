import { ORPCError } from '@orpc/client';
import type { Explanation } from '../../preload/contract/common.ts';

/** Turns whatever was thrown into what happened, why, and what to do. Nothing is swallowed. */
export function explain(error: unknown): Explanation {
  if (error instanceof ORPCError) {
    if (isExplanation(error.data)) return error.data;
    const field = firstIssue(error.data);
    if (field)
      return {
        what: field.message,
        why: field.path,
        next: 'Correct the field and try again.',
        cause: 'input',
      };
    return {
      what: 'The console could not do that.',
      why: error.message,
      next: 'Try again; if it stays, the console log in the data folder holds the details.',
      cause: error.code.toLowerCase(),
    };
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
  if (!(error instanceof ORPCError)) return undefined;
  const data: unknown = error.data;
  if (typeof data === 'object' && data !== null && 'field' in data && typeof data.field === 'string')
    return data.field;
  return firstIssue(data)?.path.split('.').at(-1);
}

function isExplanation(data: unknown): data is Explanation {
  return typeof data === 'object' && data !== null && 'what' in data && 'why' in data && 'next' in data;
}

function firstIssue(data: unknown): { message: string; path: string } | undefined {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues))
    return undefined;
  const issue: unknown = data.issues[0];
  if (typeof issue !== 'object' || issue === null || !('message' in issue)) return undefined;
  const path = 'path' in issue && Array.isArray(issue.path) ? issue.path.map(String).join('.') : '';
  return { message: String(issue.message), path };
}
