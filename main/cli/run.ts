import { ORPCError } from '@orpc/client';
import { createRouterClient } from '@orpc/server';
import type { Explanation } from '../../preload/contract/common.ts';
import { explanationIn } from '../../preload/contract/error-data.ts';
import { createConsole } from '../console.ts';
import { dataFolder } from '../data-folder.ts';
import { account, type ConsoleClient, connectLocal } from '../faces/index.ts';
import { AlreadyRunning, holdDataFolder } from '../instance.ts';
import { sleep } from '../lib/sleep.ts';
import { printExplanation, printJson } from './output.ts';

/** The call itself was wrong: exit code 2. */
export class CallProblem extends Error {
  override name = 'CallProblem';
}

export interface RunOptions {
  json?: boolean;
}

/** What a command's work is given. Its answer is the exit code: 0 good, 1 bad news. */
export type Work = (client: ConsoleClient) => Promise<0 | 1>;

/**
 * For a command that waits as long as it takes for another one that has the data folder: called now and then meanwhile.
 * An exit code ends the waiting.
 */
export type WhileHeld = (folder: string) => 0 | 1 | undefined;

export type CommandRun = (options: RunOptions, work: Work, whileHeld?: WhileHeld) => Promise<void>;

/** Runs a command's work against the console, puts errors into words, and sets the exit code. */
export async function runCommand(
  assets: string,
  options: RunOptions,
  work: Work,
  whileHeld?: WhileHeld,
): Promise<void> {
  try {
    process.exitCode = await withClient(assets, work, whileHeld);
  } catch (error) {
    if (error instanceof CallProblem && !options.json) throw error;
    const { code, explanation } = understand(error);
    if (options.json) printJson({ error: { code, ...explanation } });
    else printExplanation(explanation);
    process.exitCode = wrongCalls.has(code) || error instanceof CallProblem ? 2 : 1;
  }
}

/** Errors that say that the call has to be made differently. */
const wrongCalls = new Set(['ENVIRONMENT_UNKNOWN', 'INVALID', 'BAD_REQUEST', 'CONFIRMATION_REQUIRED']);

/** How long to wait for another process that holds the data folder without answering, ms. */
const patience = 5000;

/** Talks to the console that runs on the same data folder, or works alone. */
async function withClient(assets: string, work: Work, whileHeld: WhileHeld | undefined): Promise<0 | 1> {
  const folder = dataFolder();
  for (const until = Date.now() + patience; ; await sleep(100)) {
    try {
      return await workAlone(folder, assets, work);
    } catch (error) {
      if (!(error instanceof AlreadyRunning)) throw error;
      if (error.info) return await workThrough(error.info.socket, work);
      // Another command holds the folder for a moment, or a console is just starting.
      const code = whileHeld?.(folder);
      if (code !== undefined) return code;
      if (!whileHeld && Date.now() > until) throw error;
    }
  }
}

async function workAlone(folder: string, assets: string, work: Work): Promise<0 | 1> {
  const hold = holdDataFolder(folder);
  try {
    const console = await createConsole({ dataFolder: folder, face: 'command line', assets, connect: false });
    try {
      for (const notice of console.notices) process.stderr.write(`${notice}\n`);
      const context = console.context({ who: account(), face: 'command line' });
      return await work(createRouterClient(console.router, { context }) as ConsoleClient);
    } finally {
      await console.close();
    }
  } finally {
    hold.release();
  }
}

async function workThrough(socket: string, work: Work): Promise<0 | 1> {
  const { client, close } = await connectLocal(socket);
  try {
    return await work(client);
  } finally {
    close();
  }
}

function understand(error: unknown): { code: string; explanation: Explanation } {
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof ORPCError ? error : undefined;
  return {
    code: known?.code ?? (error instanceof CallProblem ? 'CALL' : 'UNEXPECTED'),
    explanation: explanationIn(known?.data) ?? { cause: 'unexpected', what: message, why: '', next: '' },
  };
}
