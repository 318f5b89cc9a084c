import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { removeSample } from '../../main/sample/sample.ts';
import { nodeCommand } from '../../scripts/lib/project.mjs';
import { putSample } from './kept-sample.ts';

export interface ConsoleProcess {
  /** One-time address; the first page that loads it gets the session. A new one after each restart. */
  readonly address: string;
  readonly dataFolder: string;
  /** Everything it has written so far, both streams. */
  output(): string;
  /** Ends it as Ctrl-C does and starts it again on the same data folder. */
  restart(): Promise<void>;
  /** Ends it as Ctrl-C does and removes the data folder. Resolves with its exit code. */
  stop(): Promise<number>;
}

export interface ConsoleProcessOptions {
  /** Arguments of `howdah serve`, for example `--sample`: of a sample that is there already, and is only started. */
  args?: string[];
  /** Variables added to its environment. Its keychain is off unless `HOWDAH_KEYCHAIN` says otherwise. */
  environment?: Record<string, string>;
}

/** ms that a console gets to print its address. */
const startLimit = 30_000;

/** Starts the built browser face (`dist/main/headless.js`) on a data folder of its own. */
export async function startConsoleProcess(options: ConsoleProcessOptions = {}): Promise<ConsoleProcess> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'howdah-e2e-'));
  if (options.args?.includes('--sample')) await putSample(dataFolder);
  let current = await launch(dataFolder, options);
  return {
    get address() {
      return current.address;
    },
    dataFolder,
    output: () => current.output(),
    restart: async () => {
      await end(current.child);
      current = await launch(dataFolder, options);
    },
    stop: async () => {
      const code = await end(current.child);
      // For root the cluster of a sample server lies outside of the data folder.
      await removeSample({ dataFolder });
      rmSync(dataFolder, { recursive: true, force: true });
      return code;
    },
  };
}

interface Launched {
  child: ChildProcess;
  address: string;
  output(): string;
}

async function launch(
  dataFolder: string,
  { args = [], environment = {} }: ConsoleProcessOptions,
): Promise<Launched> {
  const [command, ...rest] = nodeCommand('dist/main/headless.js', ...args);
  const child = spawn(command, rest, {
    env: { ...process.env, HOWDAH_KEYCHAIN: 'off', ...environment, HOWDAH_DATA_DIR: dataFolder },
    // The channel ends it with the test runner, however that ends.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines: string[] = [];
  const address = await new Promise<string>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`The console ${why}:\n${lines.join('\n')}`));
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`printed no address within ${startLimit / 1000} s`);
    }, startLimit);
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface(stream).on('line', (line) => {
        lines.push(line);
        if (!/^http:\/\/127\.0\.0\.1:\d+\/\?token=/.test(line)) return;
        clearTimeout(limit);
        resolve(line);
      });
    }
    child.once('exit', (code) => {
      clearTimeout(limit);
      fail(`ended with exit code ${code}`);
    });
  });
  return { child, address, output: () => lines.join('\n') };
}

async function end(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  const [code] = (await exited) as [number | null];
  return code ?? 1;
}
