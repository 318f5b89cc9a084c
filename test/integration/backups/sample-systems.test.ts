import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSample } from '../../../main/sample/sample.ts';
import type { SampleServer } from '../../../main/sample/types.ts';
import type { RestoreMode, RestoreProgress } from '../../../preload/contract/backups.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { putSample } from '../../support/kept-sample.ts';
import { standardBinaries } from '../../support/postgres.ts';
import { assets, dataFolder } from '../sample/support.ts';

/* The five sample systems: backed up and restored by Howdah, and from files as their own handbooks make them. */
let sample: SampleServer;
let folder: Awaited<ReturnType<typeof dataFolder>>;
let howdah: TestConsole;
/** Where their own commands have put files. */
let theirs: string;
const byHowdah = [
  'edictflow',
  'tau_lighting',
  'kronos_eam',
  'kronos_eam_production',
  'iotistic',
  'nebenkosten_config',
];

beforeAll(async () => {
  folder = await dataFolder();
  theirs = mkdtempSync(join(tmpdir(), 'howdah-theirs-'));
  await putSample(folder.dataFolder);
  sample = await startSample({ dataFolder: folder.dataFolder, assets });
  howdah = await openTestConsole();
  for (const database of ['postgres', ...byHowdah]) {
    const { id } = await howdah.client.environments.add({
      draft: draftFor(`postgres://${sample.user}@${sample.host}:${sample.port}/${database}?sslmode=disable`, {
        name: database,
      }),
      password: { password: sample.password, remember: false },
    });
    await howdah.client.environments.connect({ environment: id });
  }
}, 120_000);
afterAll(async () => {
  await howdah?.remove();
  await sample?.stop();
  await folder?.clean();
  rmSync(theirs, { recursive: true, force: true });
});

/** One of PostgreSQL's programs by hand, as the systems' handbooks have it. */
function byHand(program: string, args: string[], options: { input?: Buffer } = {}): Buffer {
  return execFileSync(join(standardBinaries(), program), args, {
    env: {
      PATH: process.env.PATH,
      PGHOST: sample.host,
      PGPORT: String(sample.port),
      PGUSER: sample.user,
      PGPASSWORD: sample.password,
    },
    maxBuffer: 1e9,
    ...options,
  });
}
/** A database as text. The rows of a table are sorted: COPY fills the gaps of pages, so that their order is not kept. */
const asText = (database: string): string =>
  byHand('pg_dump', [database])
    .toString()
    .replace(/^\\(un)?restrict .*$/gm, '')
    .replace(/(^COPY [^\n]+ FROM stdin;\n)(.*?)(?=^\\\.$)/gms, (_all, copy: string, rows: string) =>
      [copy, ...rows.split('\n').sort()].join('\n'),
    );

/**
 * What a system is after PostgreSQL's own programs have dumped and restored it: they write some expressions otherwise
 * than they were typed.
 */
const expected = new Map<string, string>();
function expectedOf(system: string): string {
  const known = expected.get(system);
  if (known !== undefined) return known;
  const database = `${system}_by_hand`;
  byHand('psql', ['-d', 'postgres', '-qc', `CREATE DATABASE ${database}`]);
  byHand('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-d', database], { input: byHand('pg_dump', [system]) });
  const text = asText(database);
  expected.set(system, text);
  return text;
}

async function restored(backup: string, database: string, mode: RestoreMode = 'new'): Promise<void> {
  const options = { backup, database, mode };
  const { token, faults } = await howdah.client.backups.planRestore({ environment: 'postgres', options });
  expect(faults).toEqual([]);
  const told: RestoreProgress[] = [];
  for await (const event of await howdah.client.backups.restore({
    environment: 'postgres',
    options,
    token,
  }))
    if (event.kind !== 'progress') told.push(event);
  expect(told.at(-1), JSON.stringify(told.slice(-10))).toMatchObject({
    kind: 'finished',
    errors: 0,
    database,
  });
}

it.each(byHowdah)(
  '%s is backed up, proven row by row on its own server, and restored the same in every mode',
  async (system) => {
    const { client } = howdah;
    const told: string[] = [];
    let path = '';
    const options = { counted: 'checksums' } as const;
    for await (const event of await client.backups.create({ environment: system, options })) {
      told.push(event.kind);
      if (event.kind === 'finished') path = event.backup.path;
    }
    expect(told.at(-1)).toBe('finished');
    const trial = { environment: 'postgres', backup: path, checksums: true };
    let proof: unknown;
    for await (const event of await client.backups.tryOn(trial))
      if (event.kind === 'verified') proof = event.backup.verification;
    expect(proof).toMatchObject({ level: 'restorable', state: 'good' });
    expect(JSON.stringify(proof)).toContain('have the same checksums');
    for (const mode of ['new', 'swap', 'clean', 'recreate'] as const) {
      await restored(path, `${system}_again`, mode);
      expect(asText(`${system}_again`) === expectedOf(system), mode).toBe(true);
    }
  },
  60_000,
);

describe('files that the systems’ own commands made', () => {
  const kept = (name: string, bytes: Buffer): void => writeFileSync(join(theirs, name), bytes);
  const files = {
    'backup.dump': ['custom', 'edictflow'],
    'backup.sql': ['plain', 'tau_lighting'],
    'backup.sql.gz': ['plain', 'tau_lighting'],
    'backup_20250802.sql': ['plain', 'kronos_eam'],
    'backup_20251013_120000.sql': ['plain', 'iotistic'],
    'nebenkosten_config_backup.sql': ['plain', 'nebenkosten_config'],
  } as const;
  beforeAll(() => {
    byHand('pg_dump', ['-d', 'edictflow', '-F', 'c', '-f', join(theirs, 'backup.dump')]);
    kept('backup.sql', byHand('pg_dump', ['tau_lighting']));
    kept('backup.sql.gz', gzipSync(byHand('pg_dump', ['tau_lighting'])));
    kept('backup_20250802.sql', byHand('pg_dump', ['kronos_eam']));
    // What > of Windows PowerShell makes of it.
    const windows = byHand('pg_dump', ['iotistic']).toString().replaceAll('\n', '\r\n');
    kept('backup_20251013_120000.sql', Buffer.from(`\ufeff${windows}`, 'utf16le'));
    kept('partial_backup.sql', byHand('pg_dump', ['-d', 'iotistic', '-t', 'devices', '-t', 'mqtt_acls']));
    kept('nebenkosten_config_backup.sql', byHand('pg_dump', ['nebenkosten_config']));
    kept('backup.sh', Buffer.from('#!/bin/bash\npg_dump -d edictflow\n'));
  });

  it('are found by what they are, and nothing else is', async () => {
    const found = await howdah.client.backups.find({ folder: theirs });
    const seen = Object.fromEntries(found.map(({ path, format }) => [path.slice(theirs.length + 1), format]));
    const wanted = Object.entries(files).map(([name, [format]]) => [name, format]);
    expect(seen).toEqual({ ...Object.fromEntries(wanted), 'partial_backup.sql': 'plain' });
  });

  it.each(Object.entries(files))(
    '%s is restored',
    async (name, [, system]) => {
      const backup = join(theirs, name);
      await howdah.client.backups.adopt({ environment: system, path: backup });
      const database = `from ${name}`;
      await restored(backup, database);
      const [now, then] = [asText(database), expectedOf(system)];
      // CR LF within values can't be told from what the program itself has written.
      if (name.startsWith('backup_20251013'))
        expect(now.replaceAll('\r', '')).toBe(then.replaceAll('\r', ''));
      else expect(now).toBe(then);
    },
    60_000,
  );

  it('a part that needs what it has not is refused by the server, which says what, and nothing is left', async () => {
    const options = { backup: join(theirs, 'partial_backup.sql'), database: 'a part' };
    const { client } = howdah;
    const { token } = await client.backups.planRestore({ environment: 'postgres', options });
    const told: RestoreProgress[] = [];
    for await (const event of await client.backups.restore({ environment: 'postgres', options, token }))
      told.push(event);
    expect(told.at(-1)).toMatchObject({
      kind: 'failed',
      state: 'Nothing is left of it on the server.',
      problem: { cause: 'restore-errors', server: { sqlstate: '42704' } },
    });
    const names = byHand('psql', ['-d', 'postgres', '-Atc', 'SELECT datname FROM pg_database']).toString();
    expect(names).not.toMatch(/a part|howdah_restore/);
  });
});
