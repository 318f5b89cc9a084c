import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import { type Console, type ConsoleOptions, createConsole } from '../../main/console.ts';
import { removeSample } from '../../main/sample/sample.ts';
import { parseConnectionUrl } from '../../preload/contract/connection-url.ts';
import type { EnvironmentDraft } from '../../preload/contract/environments.ts';
import type { Contract } from '../../preload/contract/index.ts';

export interface TestConsole {
  console: Console;
  /** Every procedure, called in process as `tester via test`. */
  client: ContractRouterClient<Contract>;
  dataFolder: string;
  /** Closes it; the folder stays for a second start. */
  close(): Promise<void>;
  remove(): Promise<void>;
}

/** A whole console on a data folder of its own, without a face. */
export async function openTestConsole(options: Partial<ConsoleOptions> = {}): Promise<TestConsole> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'howdah-test-'));
  const console = await createConsole({
    dataFolder,
    face: 'browser',
    assets: join(import.meta.dirname, '../../assets'),
    keychain: null,
    ...options,
  });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await console.close();
  };
  return {
    console,
    client: createRouterClient(console.router, {
      context: console.context({ who: 'tester', face: 'test' }),
    }) as ContractRouterClient<Contract>,
    dataFolder,
    close,
    remove: async () => {
      await close();
      // For root the cluster of a sample server lies outside of the data folder.
      if (existsSync(join(dataFolder, 'sample'))) await removeSample({ dataFolder });
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** A draft for a URL; protection and the rest as given. */
export function draftFor(url: string, more: Partial<EnvironmentDraft> = {}): EnvironmentDraft {
  return {
    name: 'test',
    group: '',
    color: 'blue',
    protection: 'open',
    ...more,
    connection: { ...parseConnectionUrl(url).connection, ...more.connection },
  };
}
