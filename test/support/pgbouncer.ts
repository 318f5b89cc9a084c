import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, unprivileged } from './postgres.ts';

export const pgbouncer = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((file) => existsSync(file));

export interface TestPooler {
  port: number;
  stop(): Promise<void>;
}

/** A real PgBouncer on loopback in front of a server; role and password are `postgres` on both sides. */
export async function startPgbouncer(
  serverPort: number,
  mode: 'session' | 'transaction',
  more: string[] = [],
): Promise<TestPooler> {
  if (!pgbouncer) throw new Error('PgBouncer is not installed.');
  const account = unprivileged();
  const folder = mkdtempSync('/tmp/howdah-test-pgbouncer-');
  const port = await freePort();
  const files: Record<string, string> = {
    'userlist.txt': '"postgres" "postgres"\n',
    'pgbouncer.ini': [
      '[databases]',
      `* = host=127.0.0.1 port=${serverPort}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = scram-sha-256',
      `auth_file = ${join(folder, 'userlist.txt')}`,
      `pool_mode = ${mode}`,
      'default_pool_size = 3',
      ...more,
      '',
    ].join('\n'),
  };
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    if (account) chownSync(file, account.uid, account.gid);
  }
  if (account) chownSync(folder, account.uid, account.gid);
  const child: ChildProcess = spawn(pgbouncer, [join(folder, 'pgbouncer.ini')], {
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
    cwd: folder,
    stdio: 'ignore',
  });
  await listening(port);
  return {
    port,
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(port: number): Promise<void> {
  for (const until = Date.now() + 10_000; ; ) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    if (Date.now() > until) throw new Error('PgBouncer did not start to listen.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
