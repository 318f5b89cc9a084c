import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  choose,
  installCommand,
  type Machine,
  readersOf,
  type Wanted,
} from '../../../main/backups/tools/index.ts';
import { knowsRestrict, releaseWave, versionIn } from '../../../main/backups/tools/version.ts';
import type { Programs } from '../../../main/backups/types.ts';
import { dumpPrograms } from '../../../preload/contract/backups.ts';

const machine: Machine = { platform: 'darwin', env: {}, root: '' };

const programs = (version: string, kind: Programs['about']['kind'] = 'local'): Programs => {
  const parsed = versionIn(`pg_dump (PostgreSQL) ${version}`);
  if (!parsed) throw new Error(version);
  return {
    about: {
      id: `${kind}:${version}`,
      kind,
      where: version,
      source: 'test',
      ...parsed,
      programs: [...dumpPrograms],
    },
    commandOf: (program, args) => [program, ...args],
  };
};

async function chosen(wanted: Wanted, ...versions: (string | Programs)[]): Promise<string> {
  const all = versions.map((one) => (typeof one === 'string' ? programs(one) : one));
  const choice = await choose(wanted, all, machine);
  return 'problem' in choice
    ? choice.problem.cause
    : [choice.programs.about.id, ...choice.warnings.map((one) => one.slice(0, 40))].join(' | ');
}

it('versions are read as the programs of all packagers print them', () => {
  const cases: [string, string, number][] = [
    ['pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', '15.18', 150018],
    ['psql (PostgreSQL) 19rc1', '19rc1', 190000],
    ['pg_dump (EnterpriseDB) 14.5.0', '14.5.0', 140005],
    ['pg_dump (PostgreSQL) 9.6.24', '9.6.24', 90624],
    ['pg_dump (PostgreSQL) 18.4 (Homebrew)', '18.4', 180004],
  ];
  for (const [said, version, versionNum] of cases) expect(versionIn(said)).toEqual({ version, versionNum });
  expect(versionIn('cat (GNU coreutils)')).toBeUndefined();
});

it('releases of different majors are compared by when they came out', () => {
  const may2026 = [130026, 140023, 150018, 160014, 170010, 180004].map(releaseWave);
  expect(new Set(may2026)).toEqual(new Set([0]));
  const august2026 = [140024, 150019, 160015, 170011, 180006].map(releaseWave);
  expect(new Set(august2026)).toEqual(new Set([1]));
  expect(releaseWave(150020)).toBeGreaterThan(releaseWave(180006) ?? 9);
  expect(releaseWave(190001)).toBe(releaseWave(150020));
});

it('a dump takes the nearest major that is not older than the server, in its newest minor, here before elsewhere', async () => {
  const dump = { need: 'dump', server: 150018 } as const;
  expect(await chosen(dump, '18.6', '15.18', '15.19', '14.23')).toBe('local:15.19');
  expect(await chosen(dump, '18.6', '16.15', '14.23')).toBe('local:16.15');
  expect(await chosen(dump, programs('15.19', 'docker'), '15.19')).toBe('local:15.19');
  expect(await chosen(dump, '14.23', '13.23')).toBe('programs-too-old');
  expect(await chosen(dump)).toBe('programs-missing');
});

it('programs that came out before the server’s minor are taken with a warning, also of a newer major', async () => {
  expect(await chosen({ need: 'dump', server: 150020 }, '15.18')).toMatch(
    /^local:15.18 \| pg_dump 15.18 was released before/,
  );
  expect(await chosen({ need: 'dump', server: 150020 }, '18.6')).toMatch(
    /^local:18.6 \| pg_dump 18.6 was released before/,
  );
  expect(await chosen({ need: 'dump', server: 150019 }, '18.6')).toBe('local:18.6');
});

it('a restore needs programs that read the archive and are as new as both servers', async () => {
  const restore = { need: 'restore', server: 150018 } as const;
  expect(await chosen({ ...restore, archive: '1.14' }, '18.6', '15.18')).toBe('local:15.18');
  expect(await chosen({ ...restore, archive: '1.15' }, '15.18')).toBe('programs-too-old');
  expect(await chosen({ ...restore, archive: '1.15' }, '15.18', '16.14')).toBe('local:16.14');
  expect(await chosen({ ...restore, archive: '1.16' }, '16.14', '17.10')).toBe(
    'local:17.10 | pg_restore 17.10 sets transaction_timeou',
  );
  expect(await chosen({ ...restore, archive: '1.16', source: 180004 }, '17.10', '18.4')).toMatch(
    /^local:18.4/,
  );
  expect(await chosen({ ...restore, archive: '1.16', source: 180004 }, '17.10')).toMatch(
    /^local:17.10 \| The backup comes from PostgreSQL 18/,
  );
  expect(await chosen({ ...restore, archive: '1.17' }, '18.6')).toBe('archive-too-new');
  const all = ['18.6', '15.18', '17.11'].map((one) => programs(one));
  expect(readersOf('1.16', all).map(({ about }) => about.version)).toEqual(['17.11', '18.6']);
  expect(readersOf('1.14', [programs('15.18', 'ssh')])).toEqual([]);
});

it('a dump with \\restrict is never given to a psql that goes on without knowing it', async () => {
  const script = { need: 'script', server: 150018, isRestricted: true } as const;
  expect(await chosen(script, '15.13', '15.14')).toBe('local:15.14');
  expect(await chosen(script, '15.13')).toBe('psql-too-old-for-restrict');
  expect(await chosen({ ...script, isRestricted: false }, '15.13')).toBe('local:15.13');
  expect(await chosen({ ...script, server: 180004 }, '15.14')).toMatch(/^local:15.14 \| psql 15.14 is older/);
  expect([120022, 130021, 130022, 170005, 170006, 180000].map(knowsRestrict)).toEqual([
    false,
    false,
    true,
    false,
    true,
    true,
  ]);
});

it('when nothing fits, the command that installs what does is that of the machine', async () => {
  const root = mkdtempSync(join(tmpdir(), 'howdah-test-os-'));
  try {
    mkdirSync(join(root, 'etc'));
    const on = async (release: string): Promise<string | undefined> => {
      writeFileSync(join(root, 'etc/os-release'), release);
      return await installCommand(18, { platform: 'linux', env: {}, root });
    };
    expect(await on('ID=debian\nVERSION_ID="12"\n')).toMatch(/apt-get install -y postgresql-client-18$/);
    expect(await on('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toMatch(/postgresql-client-18$/);
    expect(await on('ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n')).toMatch(
      /EL-9-.*redhat-repo.* dnf install -y postgresql18$/,
    );
    expect(await on('ID=fedora\nVERSION_ID=42\n')).toMatch(/F-42-.*fedora-repo/);
    expect(await on('ID=alpine\n')).toBe('sudo apk add postgresql18-client');
    expect(await on('ID=plan9\n')).toBeUndefined();
    const choice = await choose({ need: 'dump', server: 180004 }, [programs('15.18')], {
      platform: 'win32',
      env: {},
      root: '',
    });
    expect('problem' in choice && choice.problem).toMatchObject({
      cause: 'programs-too-old',
      why: 'There is pg_dump 15.18; pg_dump refuses servers of a newer major version than its own.',
      command: 'winget install --id PostgreSQL.PostgreSQL.18 -e',
    });
  } finally {
    rmSync(root, { recursive: true });
  }
});
