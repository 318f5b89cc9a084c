import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { libpqWay, placeOf } from '../../servers/index.ts';
import type { ProgramWay, Reached } from '../types.ts';
import { type Listener, openListener } from './listener.ts';
import { makePrivateFolder, removePrivateFolder } from './private-folder.ts';
import { rememberReached } from './sessions.ts';

/**
 * Makes a server reachable for PostgreSQL's programs, the way that the sessions go. One program at a time may use it: its
 * sessions are known by the way's own `PGAPPNAME`.
 *
 * @throws WayProblem when a certificate's file can't be used; the system's error when the files can't be written.
 */
export async function openProgramWay(reached: Reached): Promise<ProgramWay> {
  const { address, way } = reached;
  const { target } = way;
  const { variables, files } = await libpqWay(address, way);
  const password = address.passwordAt?.get(placeOf(target)) ?? address.password;
  const folder = await makePrivateFolder();
  let listener: Listener | undefined;
  try {
    const write = async (name: string, text: string): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, text, { mode: 0o600, flag: 'wx' });
      return path;
    };
    for (const [variable, text] of Object.entries(files)) {
      variables[variable] = text === '' ? join(folder, 'none') : await write(variable.toLowerCase(), text);
    }
    // Known to the account's own files no more than to its variables: another server's password must not go there.
    variables.PGPASSFILE = await write('pgpass', password ? passwordLine(password) : '');
    // The file has no way to write a line's end.
    if (password && /[\r\n]/.test(password)) variables.PGPASSWORD = password;
    variables.PGSERVICEFILE = await write('service', keepalives);
    variables.PGSERVICE = 'howdah';
    variables.PGAPPNAME = `howdah-${randomBytes(6).toString('hex')}`;
    if (address.dial) {
      listener = await openListener({ dial: address.dial, target, tls: way.tls !== false }, folder);
      delete variables.PGHOSTADDR;
      // It would look at who owns the entrance, not the server.
      delete variables.PGREQUIREPEER;
      Object.assign(variables, listener.variables);
    } else if (address.resolve && !target.address && !target.host.startsWith('/')) {
      const [found] = await address.resolve(target.host);
      if (found !== undefined) variables.PGHOSTADDR = found;
    }
  } catch (error) {
    await listener?.close();
    await removePrivateFolder(folder);
    throw error;
  }
  const programWay: ProgramWay = {
    variables,
    secrets: [password, address.clientKeyPassphrase].filter((one): one is string => Boolean(one)),
    close: async () => {
      await listener?.close();
      await removePrivateFolder(folder);
    },
  };
  rememberReached(programWay, reached);
  return programWay;
}

/** No variable sets these: with the system's own, a server that has vanished is noticed after two hours. */
const keepalives = '[howdah]\nkeepalives_idle=30\nkeepalives_interval=10\nkeepalives_count=6\n';

/** A line for any server (PostgreSQL manual, "The Password File"). */
const passwordLine = (password: string): string =>
  `*:*:*:*:${password.replaceAll('\\', '\\\\').replaceAll(':', '\\:')}\n`;
