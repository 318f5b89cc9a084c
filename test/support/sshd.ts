import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './postgres.ts';

const run = promisify(execFile);
const program = '/usr/sbin/sshd';

/** Why the tests with an SSH server can't run here; undefined when they can. */
export const noSshd: string | undefined = existsSync(program)
  ? undefined
  : `${program} is not installed: the tests of SSH tunnels against OpenSSH are skipped.`;
if (noSshd) process.stderr.write(`${noSshd}\n`);

/** Whether an account with a password can be made for a test. */
export const canMakeAccounts = !noSshd && process.getuid?.() === 0 && existsSync('/usr/sbin/useradd');

if (!noSshd && !canMakeAccounts) {
  process.stderr.write(
    'Only root can make accounts: the tests of SSH passwords against OpenSSH are skipped.\n',
  );
}

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa';

export interface SshdOptions {
  hostKeys?: KeyType[];
  /** Lines of sshd_config(5) that come before the usual ones, and so win over them. */
  config?: string[];
  /** Lets an account of the test's own log in with it (`canMakeAccounts`). */
  password?: string;
  /** What goes before each key in authorized_keys: `restrict,…`. */
  keyOptions?: string;
}

/** OpenSSH's server: loopback only, in a folder under /tmp, gone when removed. */
export interface Sshd {
  port: number;
  /** Who may log in: this account, or a throw-away one when there is a password. */
  user: string;
  password: string | undefined;
  folder: string;
  clientKeyFile: string;
  /** The same rights, opened by `passphrase`. */
  encryptedKeyFile: string;
  passphrase: string;
  /** A key that nobody here has authorised. */
  strangeKeyFile: string;
  /** As `ssh-keygen -l` prints it. */
  hostKeyFingerprint(type?: KeyType): string;
  /** A line for known_hosts. */
  knownHostsLine(type?: KeyType): string;
  /** What it said, the newest last. */
  log(): string;
  start(): Promise<void>;
  /** Stops listening and ends every session. */
  stop(): Promise<void>;
  /** Gives it another host key of a type; it shows after the next start. */
  changeHostKey(type?: KeyType): void;
  /** Ends every session at once and keeps listening. */
  killSessions(): void;
  /** Stops it and removes its folder and its account. */
  remove(): Promise<void>;
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const folder = mkdtempSync('/tmp/howdah-test-sshd-');
  chmodSync(folder, 0o755);
  const types = options.hostKeys ?? ['ed25519'];
  const port = await freePort();
  const passphrase = `Passphrase-${process.pid}-Zwölf`;
  const hostKey = (type: KeyType): string => join(folder, `host_${type}`);
  for (const type of types) makeKey(hostKey(type), type);
  const clientKeyFile = makeKey(join(folder, 'id_client'), 'ed25519');
  const encryptedKeyFile = makeKey(join(folder, 'id_encrypted'), 'ed25519', passphrase);
  const strangeKeyFile = makeKey(join(folder, 'id_strange'), 'ed25519');
  const prefix = options.keyOptions ? `${options.keyOptions} ` : '';
  const authorized = [clientKeyFile, encryptedKeyFile].map(
    (file) => prefix + readFileSync(`${file}.pub`, 'utf8'),
  );
  writeFileSync(join(folder, 'authorized_keys'), authorized.join(''));
  const account = options.password === undefined ? undefined : await makeAccount(options.password);

  const lines = [
    ...(options.config ?? []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...types.map((type) => `HostKey ${hostKey(type)}`),
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    `PidFile ${join(folder, 'pid')}`,
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    `PasswordAuthentication ${account ? 'yes' : 'no'}`,
    'KbdInteractiveAuthentication no',
    'AllowStreamLocalForwarding yes',
    'MaxStartups 100',
    'UseDNS no',
    'LogLevel VERBOSE',
  ];
  writeFileSync(join(folder, 'sshd_config'), `${lines.join('\n')}\n`);
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });

  let child: ChildProcess | undefined;
  let log = '';
  const atExit = (): void => {
    for (const pid of child?.pid ? [child.pid, ...descendants(child.pid)] : []) kill(pid);
    if (account) removeAccount(account);
  };
  process.once('exit', atExit);

  const sshd: Sshd = {
    port,
    user: account ?? userInfo().username,
    password: options.password,
    folder,
    clientKeyFile,
    encryptedKeyFile,
    passphrase,
    strangeKeyFile,
    hostKeyFingerprint: (type = types[0] ?? 'ed25519') =>
      execFileSync('ssh-keygen', ['-lf', `${hostKey(type)}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? '',
    knownHostsLine: (type = types[0] ?? 'ed25519') => {
      const [name, key] = readFileSync(`${hostKey(type)}.pub`, 'utf8').split(' ');
      return `[127.0.0.1]:${port} ${name} ${key}\n`;
    },
    log: () => log,
    start: async () => {
      const started = spawn(program, ['-D', '-e', '-f', join(folder, 'sshd_config')], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child = started;
      started.stderr.on('data', (chunk) => {
        log = (log + String(chunk)).slice(-20_000);
      });
      for (const until = Date.now() + 10_000; !(await answers(port)); ) {
        if (started.exitCode !== null || Date.now() > until) throw new Error(`sshd did not start: ${log}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    stop: async () => {
      const stopped = child;
      child = undefined;
      if (!stopped?.pid || stopped.exitCode !== null) return;
      const gone = new Promise((resolve) => stopped.once('exit', resolve));
      const sessions = descendants(stopped.pid);
      stopped.kill('SIGTERM');
      await gone;
      sessions.forEach(kill);
    },
    changeHostKey: (type = types[0] ?? 'ed25519') => {
      rmSync(hostKey(type));
      rmSync(`${hostKey(type)}.pub`);
      makeKey(hostKey(type), type);
    },
    killSessions: () => {
      if (child?.pid) descendants(child.pid).forEach(kill);
    },
    remove: async () => {
      await sshd.stop();
      process.removeListener('exit', atExit);
      if (account) removeAccount(account);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await sshd.start();
  } catch (error) {
    await sshd.remove();
    throw error;
  }
  return sshd;
}

/** Makes a key pair and returns the private file's path. */
export function makeKey(
  file: string,
  type: KeyType = 'ed25519',
  passphrase = '',
  extra: string[] = [],
): string {
  const size = type === 'rsa' ? ['-b', '2048'] : [];
  execFileSync('ssh-keygen', [
    '-q',
    '-t',
    type,
    ...size,
    '-N',
    passphrase,
    '-C',
    `test ${type}`,
    '-f',
    file,
    ...extra,
  ]);
  return file;
}

/** OpenSSH's agent, with keys in it. */
export interface TestAgent {
  socket: string;
  add(...keyFiles: string[]): void;
  stop(): Promise<void>;
}

export async function startAgent(...keyFiles: string[]): Promise<TestAgent> {
  const folder = mkdtempSync('/tmp/howdah-test-agent-');
  const socket = join(folder, 'socket');
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  const atExit = (): void => void child.kill('SIGKILL');
  process.once('exit', atExit);
  while (!existsSync(socket)) await new Promise((resolve) => setTimeout(resolve, 20));
  const agent: TestAgent = {
    socket,
    add: (...files) => {
      for (const file of files) {
        execFileSync('ssh-add', ['-q', file], {
          env: { ...process.env, SSH_AUTH_SOCK: socket },
          stdio: 'ignore',
        });
      }
    },
    stop: async () => {
      process.removeListener('exit', atExit);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null) {
        child.kill();
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  agent.add(...keyFiles);
  return agent;
}

let accounts = 0;

/** An account that can do nothing but log in; its name holds the process, so that a later run can clean up. */
async function makeAccount(password: string): Promise<string> {
  sweepAccounts();
  accounts += 1;
  const name = `howdah-test-${process.pid}-${accounts}`;
  const hash = execFileSync('openssl', ['passwd', '-6', '-stdin'], {
    input: `${password}\n`,
    encoding: 'utf8',
  }).trim();
  // Several tests may make one at a time; the password file is locked meanwhile.
  for (let attempt = 1; ; attempt += 1) {
    try {
      await run('useradd', [
        '--no-create-home',
        '--no-user-group',
        '--shell',
        '/bin/false',
        '-p',
        hash,
        name,
      ]);
      return name;
    } catch (error) {
      if (attempt === 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function removeAccount(name: string): void {
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    try {
      execFileSync('userdel', [name], { stdio: 'ignore' });
      return;
    } catch {
      execFileSync('sleep', ['0.2']);
    }
  }
}

/** Accounts of test runs that were killed. */
function sweepAccounts(): void {
  for (const [, name, pid] of readFileSync('/etc/passwd', 'utf8').matchAll(/^(howdah-test-(\d+)-\d+):/gm)) {
    if (name && !existsSync(`/proc/${pid}`)) removeAccount(name);
  }
}

/** Processes that come from one, over any number of generations. */
function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const found = [pid];
  for (const one of found) {
    for (const [process_, parent] of parents) if (parent === one) found.push(process_);
  }
  return found.slice(1);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
