import { createRouterClient } from '@orpc/server';
import { type Console, type ConsoleOptions, createConsole } from '../console.ts';
import { holdDataFolder } from '../instance.ts';
import { account, type Log } from './answering.ts';
import { type ConsoleClient, serveLocal } from './local-socket.ts';

export interface RunningConsole {
  readonly console: Console;
  /** Calls of this process itself, in the name of whoever started it. */
  readonly client: ConsoleClient;
  close(): Promise<void>;
}

/**
 * A console that stays: it holds its data folder, answers other programs of the same account on the local
 * socket, and tells them where.
 *
 * @throws {AlreadyRunning} when the data folder is taken; whatever createConsole throws.
 */
export async function startRunningConsole(options: ConsoleOptions, log: Log): Promise<RunningConsole> {
  const started = new AsyncDisposableStack();
  try {
    const hold = holdDataFolder(options.dataFolder);
    started.defer(() => hold.release());
    const console = await createConsole(options);
    started.defer(() => console.close());
    const local = await serveLocal(console, options.dataFolder, log);
    started.defer(() => local.close());
    hold.announce({ pid: process.pid, face: options.face, socket: local.address });

    const context = console.context({ who: account(), face: options.face });
    const client: ConsoleClient = createRouterClient(console.router, { context });
    return { console, client, close: () => started.disposeAsync() };
  } catch (error) {
    await started.disposeAsync();
    throw error;
  }
}
