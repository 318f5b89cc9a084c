import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { EngineWhere } from '../../preload/contract/backup-engines.ts';
import { standardBinaries, startPostgres, type TestServer, unprivileged } from './postgres.ts';
import { shortLived } from './short-lived.ts';
import { startSshd } from './sshd.ts';

const run = promisify(execFile);

/** A server whose WAL goes to a repository of pgBackRest and to one of Barman, with both engines set up for it. */
export interface EngineLab {
  server: TestServer;
  /** Where the engines run: this machine, as the account that PostgreSQL runs as. */
  where: EngineWhere;
  account: string;
  folder: string;
  /**
   * pgBackRest: stanza `shop`. Barman: servers `shop`, by pg_basebackup, and `files`, by rsync; `slowBarman` is the same
   * one, which takes so long to copy that it can be cancelled.
   */
  configs: { pgbackrest: string; barman: string; slowBarman: string };
  /** Another configuration of the account's, in the lab's folder. */
  config(name: string, content: string): string;
  /** The content of pgBackRest's configuration, with other lines in its global section. */
  pgBackRestWith(...lines: string[]): string;
  /** Runs a program as the account, to its end. */
  byHand(program: string, ...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Why there can be no lab here; undefined: there can. */
export function noEngines(): string | undefined {
  const missing = ['pgbackrest', 'barman', 'rsync'].filter((program) => {
    try {
      execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
      return false;
    } catch {
      return true;
    }
  });
  if (missing.length > 0) return `${missing.join(', ')} is not installed`;
  return standardBinaries().includes('node_modules')
    ? 'there is no PostgreSQL of the distribution'
    : undefined;
}

export async function startEngineLab(): Promise<EngineLab> {
  const ids = unprivileged();
  const account = ids
    ? execFileSync('id', ['-nu', String(ids.uid)], { encoding: 'utf8' }).trim()
    : userInfo().username;
  const folder = mkdtempSync(join(shortLived, 'howdah-test-engines-'));
  chmodSync(folder, 0o755);
  const own = (path: string): string => {
    if (ids) chownSync(path, ids.uid, ids.gid);
    return path;
  };
  const make = (...names: string[]): string => {
    const path = join(folder, ...names);
    if (!existsSync(path)) mkdirSync(path);
    return own(path);
  };
  own(folder);
  for (const name of ['repo', 'log', 'lock', 'spool', 'barman', 'barman-lock']) make(name);
  for (const server of ['shop', 'files']) for (const inner of ['', 'incoming']) make('barman', server, inner);
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o640 });
    return own(path);
  };

  const settings = join(folder, 'pgbackrest.conf');
  const incoming = (server: string): string => join(folder, 'barman', server, 'incoming');
  const copy = (server: string): string =>
    `cp %p ${incoming(server)}/.%f && mv ${incoming(server)}/.%f ${incoming(server)}/%f`;
  const server = await startPostgres({
    start: false,
    settings: {
      archive_mode: 'on',
      archive_command: `pgbackrest --config=${settings} --stanza=shop archive-push %p && ${copy('shop')} && ${copy('files')}`,
      wal_level: 'replica',
    },
  });
  server.write(
    'pg_hba.conf',
    'local all all trust\nlocal replication all trust\nhost all all 127.0.0.1/32 scram-sha-256\n',
  );
  const byHand = async (program: string, ...args: string[]): Promise<string> =>
    (await run(program, args, { ...ids, cwd: '/', env: { PATH: process.env.PATH, HOME: folder } })).stdout;
  await byHand(join(standardBinaries(), 'pg_checksums'), '--enable', '--no-sync', '-D', server.data);

  const pgBackRestWith = (...lines: string[]): string =>
    [
      '[global]',
      ...(lines.some((line) => line.startsWith('repo1-path')) ? [] : [`repo1-path=${join(folder, 'repo')}`]),
      ...lines,
      `log-path=${join(folder, 'log')}`,
      `lock-path=${join(folder, 'lock')}`,
      `spool-path=${join(folder, 'spool')}`,
      'start-fast=y',
      'compress-level=1',
      '[shop]',
      `pg1-path=${server.data}`,
      `pg1-port=${server.port}`,
      `pg1-socket-path=${server.socketFolder}`,
      '[unmade:backup]',
      '[unmade]',
      `pg1-path=${join(folder, 'nowhere')}`,
      '',
    ].join('\n');
  file('pgbackrest.conf', pgBackRestWith());
  const conninfo = `host=${server.socketFolder} port=${server.port} user=postgres dbname=postgres`;
  const barmanWith = (...more: string[]): string =>
    [
      '[barman]',
      `barman_user = ${account}`,
      `barman_home = ${join(folder, 'barman')}`,
      `barman_lock_directory = ${join(folder, 'barman-lock')}`,
      `log_file = ${join(folder, 'barman.log')}`,
      `path_prefix = ${standardBinaries()}`,
      'immediate_checkpoint = true',
      ...more,
      ...[
        ['shop', 'postgres'],
        ['files', 'local-rsync'],
      ].flatMap(([name, method]) => [
        `[${name}]`,
        `description = ${name}`,
        `conninfo = ${conninfo}`,
        `streaming_conninfo = ${conninfo}`,
        `backup_method = ${method}`,
        'archiver = on',
        'retention_policy = REDUNDANCY 2',
      ]),
      '',
    ].join('\n');
  const barman = file('barman.conf', barmanWith());
  const slow = file('barman-slow.conf', barmanWith('bandwidth_limit = 500'));
  await server.start();
  await byHand('pgbackrest', `--config=${settings}`, '--stanza=shop', 'stanza-create');
  // Barman makes no backup before it has seen WAL.
  await server.query('CREATE TABLE first (); SELECT pg_switch_wal()');
  while (readdirSync(incoming('files')).every((name) => name.startsWith('.'))) await sleep(50);
  for (const name of ['shop', 'files']) await byHand('barman', '-c', barman, 'archive-wal', name);
  return {
    server,
    where: ids ? { kind: 'local', as: account } : { kind: 'local' },
    account,
    folder,
    configs: { pgbackrest: settings, barman, slowBarman: slow },
    config: file,
    pgBackRestWith,
    byHand,
    remove: async () => {
      await server.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Another host for the engines: this one, by the real ssh, which is found on PATH with the test's own configuration. */
export interface Elsewhere {
  where: EngineWhere;
  remove(): Promise<void>;
}

export async function startElsewhere(): Promise<Elsewhere> {
  const sshd = await startSshd();
  const lines = [
    'Host far',
    'HostName 127.0.0.1',
    `Port ${sshd.port}`,
    `User ${sshd.user}`,
    `IdentityFile ${sshd.clientKeyFile}`,
    'IdentitiesOnly yes',
    `UserKnownHostsFile ${sshd.folder}/known_hosts`,
  ];
  writeFileSync(join(sshd.folder, 'known_hosts'), sshd.knownHostsLine());
  writeFileSync(join(sshd.folder, 'ssh_config'), `${lines.join('\n')}\n`);
  mkdirSync(join(sshd.folder, 'bin'));
  const program = `#!/bin/sh\nexec /usr/bin/ssh -F ${sshd.folder}/ssh_config "$@"\n`;
  writeFileSync(join(sshd.folder, 'bin/ssh'), program, { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${sshd.folder}/bin:${path}`;
  return {
    where: { kind: 'ssh', name: 'far' },
    remove: async () => {
      process.env.PATH = path;
      await sshd.remove();
    },
  };
}
