import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, test } from 'vitest';
import { systemSchedules } from '../../../../main/backups/jobs/system/index.ts';
import { readTimes } from '../../../../main/lib/cron.ts';
import type { SystemSchedule } from '../../../../preload/contract/backup-jobs.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-test-system-'));
afterAll(() => rmSync(folder, { recursive: true }));

const has = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;
const hasSystemd = has('systemd-analyze', '--version');
const hasPython = has('python3', '-c', 'import plistlib');
if (!hasSystemd) console.log('systemd-analyze is not here: its own word on the units is left out.');
if (!hasPython) console.log('python3 is not here: property lists and XML are not parsed.');

/** A name and a folder with all that has to be quoted somewhere. */
const name = `It's "100 %" $HOME & <more> \\ ü`;
const dataFolder = `/tmp/da ta/50%/it's "$x" \\ü`;

interface Given {
  timeZone?: string;
  missed?: 'catch-up' | 'tell';
  machineZone?: string;
  platform?: NodeJS.Platform;
  dataFolder?: string;
}

function made(cron: string, given: Given = {}): Record<SystemSchedule['kind'], SystemSchedule> {
  const { timeZone = 'Europe/Berlin', missed = 'catch-up', ...more } = given;
  const schedule = { cron, timeZone, by: 'system' as const, missed };
  const all = systemSchedules({
    id: '7',
    name,
    schedule,
    times: readTimes(schedule),
    dataFolder,
    command: { words: ['/bin/echo', 'a b'], isFound: true },
    platform: 'linux',
    machineZone: timeZone,
    ...more,
  });
  return Object.fromEntries(all.map((one) => [one.kind, one])) as Record<
    SystemSchedule['kind'],
    SystemSchedule
  >;
}
const textOf = (schedule: SystemSchedule, end: string): string =>
  schedule.files.find((file) => file.name.endsWith(end))?.text ?? '';

test('those of this system come first', () => {
  const kinds = (platform: NodeJS.Platform) => Object.keys(made('0 3 * * *', { platform }));
  expect(kinds('linux').slice(0, 2)).toEqual(['systemd', 'crontab']);
  expect(kinds('darwin')[0]).toBe('launchd');
  expect(kinds('win32')[0]).toBe('schtasks');
});

test('a shell reads from the crontab line what was meant, once cron has taken the percent signs', () => {
  const { crontab } = made('*/20 1-3 */2 * mon', { machineZone: 'UTC' });
  const lines = (crontab.files[0]?.text ?? '').split('\n');
  expect(lines[1]).toBe('CRON_TZ=Europe/Berlin');
  const line = lines[2] ?? '';
  // No field of days begins with `*`: to some crons both would have to fit then.
  expect(line).toMatch(/^0,20,40 1-3 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31 \* 1 HOWDAH_DATA_DIR=/);
  expect(line.replaceAll('\\%', '')).not.toContain('%');
  const command = line.split(' ').slice(5).join(' ').replaceAll('\\%', '%');
  const shell = command.replace(
    '/bin/echo',
    `${process.execPath} -p 'JSON.stringify([process.env.HOWDAH_DATA_DIR,...process.argv.slice(1)])'`,
  );
  expect(JSON.parse(execFileSync('/bin/sh', ['-c', shell], { encoding: 'utf8' }))).toEqual([
    dataFolder,
    'a b',
    'backups',
    'run',
    '--scheduled',
    name,
  ]);
  expect(crontab.limits.join(' ')).toMatch(/CRON_TZ is known to cronie alone.*UTC/);
  expect(made('0 3 * * *').crontab.files[0]?.text).not.toContain('CRON_TZ');
});

it.skipIf(!hasSystemd)(
  'systemd takes the units, reads from them what was meant, and names the same times',
  () => {
    const { systemd } = made('*/20 1-3 */2 * mon');
    for (const { name: file, text } of systemd.files) writeFileSync(join(folder, file), text);
    const files = systemd.files.map((file) => join(folder, file.name));
    const said = spawnSync('systemd-analyze', ['verify', '--user', ...files], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: folder },
    });
    const about = (text: string) => text.split('\n').filter((line) => line.includes('howdah-backup'));
    expect(about(said.stderr)).toEqual([]);
    const timer = textOf(systemd, '.timer');
    expect(timer).toContain('Persistent=true');
    expect(textOf(made('0 3 * * *', { missed: 'tell' }).systemd, '.timer')).toContain('Persistent=false');
    for (const cron of [
      '*/20 1-3 */2 * mon',
      '30 2 * * 1-5',
      '0 4 1,15 1-6 *',
      '*/15 * * * *',
      '5 6 29 2 *',
    ]) {
      const own = textOf(made(cron).systemd, '.timer').match(/(?<=^OnCalendar=).*$/gm) ?? [];
      const from = Date.parse('2026-05-01T00:00:30Z');
      const args = ['calendar', '--iterations=12', '--base-time=2026-05-01 00:00:30 UTC', ...own];
      const told = execFileSync('systemd-analyze', args, {
        encoding: 'utf8',
        env: { ...process.env, TZ: 'UTC' },
      });
      const found = [...told.matchAll(/(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/g)].map(([, day, time]) =>
        Date.parse(`${day}T${time}Z`),
      );
      const first = [...new Set(found)].sort((a, b) => a - b).slice(0, 5);
      expect(first, cron).toEqual(readTimes({ cron, timeZone: 'Europe/Berlin' }).after(from, 5));
    }
  },
);

test('a time that systemd leaves out when the clock goes forward is told', () => {
  const said = (cron: string, timeZone?: string) =>
    made(cron, timeZone === undefined ? {} : { timeZone }).systemd.limits.join(' ');
  expect(said('30 2 * * *')).toMatch(/On \d{4}-03-\d\d the clock goes from 02:00 to 03:00/);
  expect(said('30 2 * * *', 'UTC')).not.toMatch(/clock goes/);
  expect(said('30 4 * * *')).not.toMatch(/clock goes/);
});

it.skipIf(!hasPython)('the property list and the task are XML with the same words in them', () => {
  const { launchd, schtasks } = made('0,30 2 1 * 1-5');
  const file = join(folder, 'one.plist');
  writeFileSync(file, textOf(launchd, '.plist'));
  const read = 'import plistlib,json,sys; print(json.dumps(plistlib.load(open(sys.argv[1],"rb"))))';
  const list = JSON.parse(execFileSync('python3', ['-c', read, file], { encoding: 'utf8' }));
  expect(list.ProgramArguments).toEqual(['/bin/echo', 'a b', 'backups', 'run', '--scheduled', name]);
  expect(list.EnvironmentVariables).toEqual({ HOWDAH_DATA_DIR: dataFolder });
  expect(list.StartCalendarInterval).toHaveLength(12);
  expect(list.StartCalendarInterval[0]).toEqual({ Day: 1, Hour: 2, Minute: 0 });
  // What cmd can't be told is said instead of written wrong.
  expect(schtasks.files).toEqual([]);
  const task = made('*/15 * * * *', { dataFolder: 'C:\\Da ta & more' }).schtasks;
  writeFileSync(file, textOf(task, '.xml'));
  const tags =
    'import xml.etree.ElementTree as e,json,sys; print(json.dumps([[x.tag.split("}")[1],x.text] for x in e.parse(sys.argv[1]).iter()]))';
  const found: [string, string][] = JSON.parse(
    execFileSync('python3', ['-c', tags, file], { encoding: 'utf8' }),
  );
  const first = (tag: string) => found.find(([one]) => one === tag)?.[1];
  expect([first('Interval'), first('StartWhenAvailable')]).toEqual(['PT15M', 'true']);
  expect(first('Arguments')).toBe(
    '/d /s /c "set "HOWDAH_DATA_DIR=C:\\Da ta & more"&& call "/bin/echo" "a b" "backups" "run" "--scheduled" "7""',
  );
});

test('what a scheduler can’t be told it says, and gives no file', () => {
  const { launchd, schtasks } = made('*/7 */2 */3 * *', { machineZone: 'UTC' });
  expect([launchd.files, schtasks.files]).toEqual([[], []]);
  expect(launchd.limits.join(' ')).toMatch(/goes by this machine's clock, UTC.*one by one/);
  expect(schtasks.limits.join(' ')).toMatch(/at most 48/);
});
