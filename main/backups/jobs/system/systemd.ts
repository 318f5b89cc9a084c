import type { SystemSchedule } from '../../../../preload/contract/backup-jobs.ts';
import type { CronFields } from '../../../lib/cron.ts';
import { gapOf } from './clock-gap.ts';
import { commonLimits, jobWords, type SystemOrder, slugOf } from './order.ts';

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A service and its timer for this account's own systemd: systemd.timer(5), systemd.time(7), systemd.syntax(7). */
export function systemd(order: SystemOrder): SystemSchedule {
  const { name, schedule, times, dataFolder, command } = order;
  const slug = slugOf(order);
  const service = [
    '[Unit]',
    `Description=Howdah backup job ${name.replaceAll('%', '%%')}`,
    '',
    '[Service]',
    'Type=oneshot',
    `Environment=${quoted(`HOWDAH_DATA_DIR=${dataFolder}`)}`,
    `ExecStart=${[...command.words, ...jobWords(name)].map((word) => quoted(word).replaceAll('$', '$$$$')).join(' ')}`,
    '',
  ].join('\n');
  const timer = [
    '[Unit]',
    `Description=When Howdah's backup job ${name.replaceAll('%', '%%')} is due`,
    '',
    '[Timer]',
    ...calendars(times.fields).map((one) => `OnCalendar=${one} ${schedule.timeZone}`),
    `Persistent=${schedule.missed === 'catch-up'}`,
    'AccuracySec=1s',
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
  ].join('\n');
  const limits = commonLimits(order);
  const gap = gapOf(times, Date.now());
  if (gap)
    limits.push(
      `On ${gap.day} the clock goes from ${gap.from} to ${gap.to}: systemd leaves out a time in between, where Howdah and cron run it right after.`,
    );
  if (schedule.missed === 'tell') limits.push('systemd tells nobody of times when the machine was off.');
  return {
    kind: 'systemd',
    title: 'systemd timer',
    files: [
      { name: `${slug}.service`, text: service },
      { name: `${slug}.timer`, text: timer },
    ],
    install: [
      '# Both files go to ~/.config/systemd/user',
      'systemctl --user daemon-reload',
      `systemctl --user enable --now ${slug}.timer`,
      '# So that it runs while nobody is logged in:',
      'loginctl enable-linger',
    ].join('\n'),
    limits,
  };
}

/** As one line takes its day by both kinds of days, either kind has a line of its own; a time of both comes once. */
function calendars(fields: CronFields): string[] {
  const { minutes, hours, days, months, weekdays, by } = fields;
  const time = `${list(hours, 24)}:${list(minutes, 60)}:00`;
  const month = list(months, 12);
  const byDay = `*-${month}-${list(days, 31)} ${time}`;
  const byWeekday = `${weekdays.map((day) => dayNames[day]).join(',')} *-${month}-* ${time}`;
  if (by === 'every') return [`*-${month}-* ${time}`];
  if (by === 'either') return [byDay, byWeekday];
  return [by === 'days' ? byDay : byWeekday];
}

const list = (values: readonly number[], all: number): string =>
  values.length === all ? '*' : values.map((value) => String(value).padStart(2, '0')).join(',');

/** `%` begins a specifier, within quotes too. */
const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('%', '%%')}"`;
