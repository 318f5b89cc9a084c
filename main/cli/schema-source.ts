import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SchemaSource } from '../../preload/contract/schema.ts';
import type { ConsoleClient } from '../faces/index.ts';
import { isUrl, withEnvironment } from './environment.ts';
import type { PasswordOptions } from './password.ts';
import { CallProblem } from './run.ts';

/** What an argument that names a structure may be, for a command's help. */
export const sourceHelp = 'environment, URL, snapshot:ID, snapshot file, SQL file or folder of SQL';

/**
 * Takes an argument for a structure and lets the work have it; an environment is connected for it. A name is an
 * environment's before it is a file's: `./name` is always a path.
 *
 * @throws CallProblem when there is nothing of that name
 */
export async function withSource<T>(
  client: ConsoleClient,
  ref: string,
  options: PasswordOptions,
  work: (source: SchemaSource) => Promise<T>,
): Promise<T> {
  const id = /^snapshot:(\d{1,15})$/.exec(ref)?.[1];
  if (id !== undefined) return await work({ kind: 'snapshot', id: Number(id) });
  if (/^snapshot:/.test(ref)) {
    throw new CallProblem(`${ref}: snapshot: wants a number; howdah schema snapshots lists them.`);
  }
  if (!isUrl(ref) && !(await isEnvironment(client, ref))) {
    if (!looksLikePath(ref) && !existsSync(ref)) {
      throw new CallProblem(
        `There is no environment and no file “${ref}”. howdah environments list shows the names.`,
      );
    }
    return await work({ kind: 'path', path: resolve(ref) });
  }
  return await withEnvironment(client, ref, options, ({ id: environment }) =>
    work({ kind: 'environment', environment }),
  );
}

const looksLikePath = (ref: string): boolean => /[\\/]|^\.{1,2}$|\.(?:sql|json|gz)$/i.test(ref);

async function isEnvironment(client: ConsoleClient, ref: string): Promise<boolean> {
  if (/^\.{0,2}[\\/]/.test(ref)) return false;
  const { environments } = await client.environments.list();
  return environments.some(({ name, id }) => name === ref || id === ref);
}
