import { DatabaseError } from 'pg';
import type { Explanation } from '../../../preload/contract/common.ts';
import { serverWords } from '../../servers/index.ts';
import { placeOf } from '../../sql-text/index.ts';

/** What to do about errors that a person who writes SQL meets, by SQLSTATE (PostgreSQL manual, appendix A). */
const known: Record<string, { cause: string; why: string; next: string }> = {
  '25006': {
    cause: 'read-only-transaction',
    why: 'It writes, and here the server was told to refuse that: the environment is read-only, or it was sent as reading only.',
    next: 'In a guarded environment run it as a change. In a read-only one change the environment’s protection first.',
  },
  '25P02': {
    cause: 'transaction-failed',
    why: 'An earlier statement of this transaction failed.',
    next: 'Roll back, then go on.',
  },
  '57014': {
    cause: 'cancelled',
    why: 'It was cancelled, or took longer than this tab’s statement timeout.',
    next: 'Raise the timeout if it may take that long.',
  },
  '55P03': {
    cause: 'lock-timeout',
    why: 'Somebody else holds a lock that it needs.',
    next: 'Activity shows who: wait for them, or try again.',
  },
  '40001': {
    cause: 'serialization-failure',
    why: 'Another transaction changed the same rows meanwhile.',
    next: 'Roll back and run the transaction again.',
  },
  '40P01': {
    cause: 'deadlock',
    why: 'Two transactions waited for each other, and the server ended this one’s statement.',
    next: 'Roll back and run the transaction again.',
  },
};

const byClass: Record<string, { why: string; next: string }> = {
  '42': { why: 'The server does not understand it as it stands.', next: 'Look at the marked place.' },
  '22': { why: 'A value is not of the form that its type wants.', next: 'Correct the value.' },
  '23': {
    why: 'It breaks a constraint of the table.',
    next: 'Correct the values, or look at the constraint.',
  },
  '53': {
    why: 'The server has too little of something: disk, memory, connections.',
    next: 'See to the server first.',
  },
};

/** A statement's failure in words, with the server's own beneath. */
export function explainFailure(error: unknown, isCancelled: boolean): Explanation {
  const server = serverWords(error);
  const code = error instanceof DatabaseError ? (error.code ?? '') : '';
  const words = known[code] ?? byClass[code.slice(0, 2)];
  const what =
    isCancelled && code === '57014' ? 'The statement was cancelled.' : sentence(server?.message ?? '');
  return {
    cause: known[code]?.cause ?? (code ? 'sql-error' : 'session-error'),
    what: what || 'The statement failed.',
    why: words?.why ?? 'The server refused it.',
    next: words?.next ?? 'Its own words are below.',
    ...(server ? { server } : {}),
  };
}

function sentence(message: string): string {
  const text = message.trim();
  if (!text) return '';
  const upper = text[0]?.toUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}

/** Where the server saw an error, in UTF-16 units of the text; it counts characters from 1. */
export function positionIn(error: unknown, text: string): number | null {
  if (!(error instanceof DatabaseError) || !error.position) return null;
  return placeOf(text, Number(error.position) - 1);
}
