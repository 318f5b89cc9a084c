import { expect, it } from 'vitest';
import {
  backupOf,
  parseBackups,
  readingOf as readingOfBarman,
} from '../../../../main/backups/engines/barman-listing.ts';
import { parseInfo, readingOf } from '../../../../main/backups/engines/pgbackrest-info.ts';
import type { Reading } from '../../../../main/backups/engines/types.ts';
import { faultIn, shellAt } from '../../../../main/backups/engines/where.ts';
import { withArchived } from '../../../../main/backups/engines/window.ts';
import type { EngineWhere } from '../../../../preload/contract/backup-engines.ts';

const wal = (number: number): string =>
  `00000001000000000000${number.toString(16).toUpperCase().padStart(4, '0')}`;

interface Made {
  label: string;
  wal: number;
  stop: number;
  id?: number;
  key?: number;
  error?: boolean;
  reference?: string[];
}

const backup = ({ label, wal: at, stop, id = 1, key = 1, ...more }: Made) => ({
  label,
  type: label.endsWith('D') ? 'diff' : 'full',
  database: { id, 'repo-key': key },
  timestamp: { start: stop - 10, stop },
  archive: { start: wal(at), stop: wal(at) },
  info: { size: 100, delta: 100, repository: { delta: 40 } },
  error: false,
  reference: null,
  aFieldOfTomorrow: { any: 1 },
  ...more,
});

const stanza = (backups: ReturnType<typeof backup>[], more: object = {}): Reading => {
  const [parsed] = parseInfo(
    JSON.stringify([
      {
        name: 'shop',
        status: { code: 0, message: 'ok', lock: { backup: { held: false } } },
        repo: [{ key: 1, cipher: 'none', status: { code: 0, message: 'ok' } }],
        db: [{ id: 1, 'repo-key': 1, 'system-id': 1, version: '15' }],
        archive: [{ database: { id: 1, 'repo-key': 1 }, id: '15-1', min: wal(2), max: wal(9) }],
        backup: backups,
        ...more,
      },
    ]).replace('"system-id":1', '"system-id":7710686936706547772'),
  );
  if (!parsed) throw new Error('nothing');
  return readingOf(parsed, 'It can’t be read');
};

const states = ({ backups }: Reading): string[] => backups.map(({ label, state }) => `${label} ${state}`);

it('a pgBackRest window reaches from the oldest good backup on; bad ones say why', () => {
  const reading = stanza([
    backup({ label: '1F', wal: 1, stop: 100 }),
    backup({ label: '2F', wal: 3, stop: 200 }),
    backup({ label: '2F_3D', wal: 4, stop: 300, reference: ['2F'] }),
    backup({ label: '0F_4D', wal: 5, stop: 400, reference: ['0F'] }),
    backup({ label: '5F', wal: 6, stop: 500, error: true }),
    backup({ label: '6F', wal: 10, stop: 600 }),
  ]);
  expect(states(reading)).toEqual(['6F bad', '5F bad', '0F_4D bad', '2F_3D good', '2F good', '1F bad']);
  expect(reading).toMatchObject({
    window: { from: 200_000, to: 300_000 },
    walFrom: wal(2),
    walTo: wal(9),
    cluster: '7710686936706547772',
  });
  expect(reading.backups[3]).toMatchObject({
    type: 'differential',
    needs: ['2F'],
    bytes: 100,
    repositoryBytes: 40,
  });
  expect(reading.unknown.join(' ')).toContain(
    `later than 1970-01-01T00:05:00Z, as far as segment ${wal(9)} goes`,
  );
});

it('backups before an upgrade, and other repositories, are listed and do not widen the window', () => {
  const reading = stanza(
    [
      backup({ label: '1F', wal: 3, stop: 100 }),
      backup({ label: '2F', wal: 3, stop: 200, id: 2 }),
      backup({ label: '3F', wal: 3, stop: 150, key: 2, id: 7 }),
    ],
    {
      repo: [1, 2].map((key) => ({ key, cipher: 'none', status: { code: 0, message: 'ok' } })),
      db: [
        { id: 1, 'repo-key': 1, 'system-id': 1, version: '14' },
        { id: 2, 'repo-key': 1, 'system-id': 1, version: '15' },
        { id: 7, 'repo-key': 2, 'system-id': 1, version: '15' },
      ],
      archive: [
        { database: { id: 1, 'repo-key': 1 }, min: wal(2), max: wal(4) },
        { database: { id: 2, 'repo-key': 1 }, min: wal(2), max: wal(4) },
        { database: { id: 7, 'repo-key': 2 }, min: wal(3), max: wal(3) },
      ],
    },
  );
  expect(reading.window).toEqual({ from: 150_000, to: 150_000 });
  expect(reading.unknown.join(' ')).toContain('those of repository 2, whose backups go back furthest');
  expect(reading.repositories).toMatchObject([
    { key: 1, backups: 1, problem: null },
    { key: 2, backups: 1, problem: null },
  ]);
  expect(reading.unknown.join(' ')).toContain('before an upgrade');
  expect(reading.backups.map(({ repository }) => repository)).toEqual([1, 2, 1]);
});

it('pgBackRest’s status codes become problems in words; having no backups yet is none', () => {
  const status = (code: number, message: string) => ({ code, message });
  const cause = (code: number, message = '') =>
    stanza([], { status: status(code, message), repo: [{ key: 1, status: status(code, message) }] }).problem
      ?.cause;
  expect([0, 2].map((code) => cause(code))).toEqual([undefined, undefined]);
  expect([1, 3, 5, 77].map((code) => cause(code))).toEqual([
    'engine-unknown-name',
    'engine-repository',
    'engine-repository',
    'engine-repository',
  ]);
  expect(cause(99, "[PathOpenError] unable to list file info for path '/x': [13] Permission denied")).toBe(
    'engine-account',
  );
  expect(
    cause(
      99,
      'unable to load info file: FormatError: key/value found outside of section at line 1: Salted__',
    ),
  ).toBe('engine-key-missing');
  expect(() => parseInfo('[{"name":')).toThrow();
  expect(() => parseInfo('{}')).toThrow();
  // Older than repositories of which there are several.
  expect(
    stanza([], { repo: undefined, db: undefined, archive: undefined, backup: undefined }).window,
  ).toBeNull();
});

it('the server’s word on its archive widens the window only where it is the same segment of the same cluster', () => {
  const reading = stanza([backup({ label: '1F', wal: 3, stop: 100 })]);
  const cluster = '7710686936706547772';
  const end = (archived: Parameters<typeof withArchived>[1]) => withArchived(reading, archived).window?.to;
  expect(end(undefined)).toBe(100_000);
  expect(end({ cluster, wal: wal(9), at: 900_000 })).toBe(900_000);
  expect(end({ cluster, wal: `${wal(9)}.00000028.backup`, at: 900_000 })).toBe(900_000);
  expect(end({ cluster, wal: wal(8), at: 900_000 })).toBe(100_000);
  expect(end({ cluster, wal: wal(9), at: 50_000 })).toBe(100_000);
  const other = withArchived(reading, { cluster: '1', wal: wal(9), at: 900_000 });
  expect([other.window?.to, other.unknown.at(-1)]).toEqual([
    100_000,
    expect.stringContaining('another cluster'),
  ]);
});

it('Barman’s words for a backup’s state are judged; what a later one has overtaken is not being made', () => {
  const listed = (status: string, isNewest = false) =>
    backupOf({ backup_id: '1', status, retention_status: 'OBSOLETE' }, undefined, isNewest);
  expect(listed('DONE')).toMatchObject({ state: 'good', said: 'DONE; retention: OBSOLETE', type: 'full' });
  expect(listed('FAILED')).toMatchObject({ state: 'bad', type: 'unknown' });
  expect(listed('WAITING_FOR_WALS').state).toBe('unknown');
  expect([listed('STARTED', true).state, listed('STARTED').state]).toEqual(['running', 'bad']);
  expect(listed('SYNCING').state).toBe('running');
  expect(listed('OF_TOMORROW')).toMatchObject({ state: 'unknown', said: 'OF_TOMORROW' });
  expect(
    backupOf(
      { backup_id: '2', status: 'DONE' },
      { status: 'DONE', backup_type: 'incremental', catalog_information: { parent_backup_id: '1' } },
      true,
    ),
  ).toMatchObject({ type: 'incremental', needs: ['1'] });
  expect(parseBackups('{"shop": []}', 'toString')).toBeUndefined();
  expect(() => parseBackups('{"shop": [{}]}', 'shop')).toThrow();
  expect(readingOfBarman([], undefined)).toMatchObject({ window: null, walFrom: null, unknown: [] });
});

it('a program is run where it is without a shell’s reading of its arguments, never with a question', () => {
  const args = ['pgbackrest', "--stanza=it's $HOME"];
  const line = (where: EngineWhere) => shellAt(where, 'script', args);
  expect(line({ kind: 'local' })).toEqual(['sh', '-c', 'script', 'howdah', ...args]);
  expect(line({ kind: 'local', as: 'someone' }).slice(0, 6).join(' ')).toMatch(
    /^(runuser -u someone -- |sudo -n -H -u someone)/,
  );
  expect(line({ kind: 'docker', name: 'postgres@db' }).slice(0, 6)).toEqual([
    'docker',
    'exec',
    '-i',
    '-u',
    'postgres',
    'db',
  ]);
  const ssh = line({ kind: 'ssh', name: 'ada@[::1]:2222' });
  expect(ssh.slice(0, -1).join(' ')).toBe('ssh -T -o BatchMode=yes -o ConnectTimeout=10 -p 2222 -- ada@::1');
  expect(ssh.at(-1)).toBe(`exec sh -c script howdah pgbackrest '--stanza=it'\\''s $HOME'`);
});

it('names that could be taken for something else are refused with their field', () => {
  const draft = {
    kind: 'pgbackrest',
    name: 'shop',
    where: { kind: 'local' },
    config: null,
    environment: null,
  } as const;
  expect(faultIn(draft)).toBeUndefined();
  expect(faultIn({ ...draft, kind: 'barman', name: 'the shop' })).toBeUndefined();
  const bad = [
    { name: '-x' },
    { name: 'a b' },
    { kind: 'barman', name: 'all' },
    { config: 'relative.conf' },
    { where: { kind: 'local', as: '$(id)' } },
    { where: { kind: 'docker', name: '--privileged' } },
    { where: { kind: 'ssh', name: '-oProxyCommand=x' } },
    { where: { kind: 'ssh', name: 'host; id' } },
  ] as const;
  expect(bad.map((one) => faultIn({ ...draft, ...one })?.field)).toEqual([
    'name',
    'name',
    'name',
    'config',
    'where',
    'where',
    'where',
    'where',
  ]);
});
