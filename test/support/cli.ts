import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const entry = join(import.meta.dirname, '../../dist/main/cli.js');
const { NODE_COMPILE_CACHE } = process.env;
/** Where its compiled code is kept: it is started hundreds of times. */
const compiled = NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {};

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  dataFolder: string;
  env?: Record<string, string>;
  /** Standard input; nothing by default. */
  input?: string;
  /** A program to run it under, with its arguments. */
  under?: string[];
}

/** Runs `howdah` as built, in a process of its own, with a clean environment and no keychain unless given one. */
export function howdah(
  args: string[],
  { dataFolder, env = {}, input, under = [] }: CliOptions,
): Promise<CliResult> {
  if (!existsSync(entry)) throw new Error('dist/main/cli.js is not there: npm run build comes first.');
  const [program = '', ...rest] = [
    ...under,
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    entry,
    ...args,
  ];
  const child = spawn(program, rest, {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...compiled,
      HOWDAH_KEYCHAIN: 'off',
      ...env,
      HOWDAH_DATA_DIR: dataFolder,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  child.stdin.end(input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
