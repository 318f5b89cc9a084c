import { looksLikeConnectionString } from '../../preload/contract/connection-parts.ts';
import { parseConnectionUrl, UrlProblem } from '../../preload/contract/connection-url.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import type { ConsoleClient } from '../faces/index.ts';
import { noEnvironment } from '../lib/no-environment.ts';
import { givenOrTypedPassword, givenPassword, type PasswordOptions } from './password.ts';
import { CallProblem } from './run.ts';

/** Whether an ENV argument is a connection string, a URL or `key=value` pairs, and not a name. */
export const isUrl = (ref: string): boolean => looksLikeConnectionString(ref);

/** Reads a URL argument. A password in it was visible to every user of the machine, which is said. */
export function readUrl(url: string): ReturnType<typeof parseConnectionUrl> {
  try {
    const parsed = parseConnectionUrl(url);
    if (parsed.password !== undefined) {
      process.stderr.write(
        'The password in the URL can be read by every user of this machine in the list of processes; ' +
          'PGPASSWORD, --password-stdin or the prompt keep it out of there.\n',
      );
    }
    return parsed;
  } catch (error) {
    if (error instanceof UrlProblem) throw new CallProblem(`${error.field}: ${error.message}`);
    throw error;
  }
}

/**
 * Takes ENV, a name or a bare URL, connects it, and lets the work have it. One that was opened for this call is
 * removed after it.
 *
 * @throws the contract's errors; NOT_CONNECTED's explanation when the server can't be had.
 */
export async function withEnvironment<T>(
  client: ConsoleClient,
  ref: string,
  options: PasswordOptions,
  work: (environment: Environment) => Promise<T>,
): Promise<T> {
  const environment = await findOrOpen(client, ref, options);
  try {
    await connectOrFail(client, environment, options);
    return await work(environment);
  } finally {
    if (environment.transient) await client.environments.remove({ environment: environment.id });
  }
}

/** The environment of a name, or a transient one for a URL with its password. */
export async function findOrOpen(
  client: ConsoleClient,
  ref: string,
  options: PasswordOptions,
): Promise<Environment> {
  if (!isUrl(ref)) {
    const { environments } = await client.environments.list();
    const found = environments.find(({ name, id }) => name === ref || id === ref);
    if (!found) throw new CallProblem(`${noEnvironment(ref)} howdah environments list shows the names.`);
    return found;
  }
  const { connection, password } = readUrl(ref);
  const typed = password ?? (await givenOrTypedPassword(options, `${connection.user}@${connection.host}`));
  return client.environments.open({
    url: ref,
    ...(typed === undefined ? {} : { password: { password: typed, remember: false } }),
  });
}

async function connectOrFail(
  client: ConsoleClient,
  environment: Environment,
  options: PasswordOptions,
): Promise<void> {
  const typed = environment.transient ? undefined : await givenPassword(options);
  let status = await client.environments.connect({
    environment: environment.id,
    keep: false,
    // A password given with the call is for an environment that has none of its own.
    ...(typed !== undefined && environment.password === 'none'
      ? { password: { password: typed, remember: false } }
      : {}),
  });
  if (status.state !== 'connected' && status.problem?.cause === 'password-missing') {
    const asked = await givenOrTypedPassword({}, environment.name);
    if (asked !== undefined) {
      status = await client.environments.connect({
        environment: environment.id,
        keep: false,
        password: { password: asked, remember: false },
      });
    }
  }
  if (status.state === 'connected') return;
  // The call that needs a connection answers with the whole explanation.
  await client.activity.show({ environment: environment.id });
}
