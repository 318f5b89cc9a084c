import { ORPCError } from '@orpc/server';
import { Explanation } from '../../preload/contract/common.ts';
import { serverWords } from '../servers/index.ts';
import { FileProblem } from './tools/shared/file-problem.ts';

/** What went wrong, for a person: of errors of the contract, of files, of servers, of anything else. */
export function explanationOf(error: unknown): Explanation {
  if (error instanceof FileProblem) return error.explanation;
  if (error instanceof ORPCError) {
    const told = Explanation.safeParse(error.data);
    if (told.success) return told.data;
  }
  const server = serverWords(error);
  if (server)
    return {
      cause: 'server-error',
      what: 'The server answered with an error.',
      why: server.message,
      next: 'Read its own words below.',
      server,
    };
  return {
    cause: 'unexpected',
    what: 'The migrations could not be read.',
    why: error instanceof Error ? error.message : String(error),
    next: 'Try again; please report it if it comes again.',
  };
}
