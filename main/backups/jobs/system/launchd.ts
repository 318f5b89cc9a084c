import type { SystemSchedule } from '../../../../preload/contract/backup-jobs.ts';
import type { CronFields } from '../../../lib/cron.ts';
import { commonLimits, jobWords, otherZone, type SystemOrder, slugOf, xmlText } from './order.ts';

/** Of more moments launchd would have to be told one by one than anybody wants to read. */
const mostMoments = 500;

type Moment = Partial<Record<'Month' | 'Day' | 'Weekday' | 'Hour' | 'Minute', number>>;

/** A property list for this account's launchd: launchd.plist(5). */
export function launchd(order: SystemOrder): SystemSchedule {
  const { name, schedule, times, dataFolder, command, machineZone } = order;
  const label = `app.howdah.${slugOf(order)}`;
  const moments = momentsOf(times.fields);
  const limits = commonLimits(order);
  if (otherZone(order))
    limits.push(
      `launchd goes by this machine's clock, ${machineZone}, not by that of ${schedule.timeZone}: put the times of this clock in.`,
    );
  limits.push(
    schedule.missed === 'catch-up'
      ? 'launchd makes up for times when the machine slept, once, but not for those when it was off.'
      : 'launchd makes up for times when the machine slept, once; that can’t be turned off, and nobody is told.',
  );
  const canBe = moments.length <= mostMoments;
  if (!canBe)
    limits.push(
      `launchd would have to be told ${moments.length} moments one by one: choose a simpler schedule, or let Howdah run it.`,
    );
  const strings = [...command.words, ...jobWords(name)].map(
    (word) => `    <string>${xmlText(word)}</string>`,
  );
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    `  <key>Label</key><string>${label}</string>`,
    '  <key>ProgramArguments</key>',
    '  <array>',
    ...strings,
    '  </array>',
    '  <key>EnvironmentVariables</key>',
    `  <dict><key>HOWDAH_DATA_DIR</key><string>${xmlText(dataFolder)}</string></dict>`,
    '  <key>StartCalendarInterval</key>',
    '  <array>',
    ...moments.map(
      (moment) =>
        `    <dict>${Object.entries(moment)
          .map(([key, value]) => `<key>${key}</key><integer>${value}</integer>`)
          .join('')}</dict>`,
    ),
    '  </array>',
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
  const file = `${label}.plist`;
  return {
    kind: 'launchd',
    title: 'launchd',
    files: canBe ? [{ name: file, text }] : [],
    install: canBe
      ? `# The file goes to ~/Library/LaunchAgents\nlaunchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/${file}`
      : '',
    limits,
  };
}

/** What is left out fits always. Each kind of days has moments of its own. */
function momentsOf({ minutes, hours, days, months, weekdays, by }: CronFields): Moment[] {
  const each = (moments: Moment[], key: keyof Moment, values: readonly number[], all: number): Moment[] =>
    values.length === all
      ? moments
      : moments.flatMap((moment) => values.map((value) => ({ ...moment, [key]: value })));
  const dated = by === 'days' || by === 'either' ? each([{}], 'Day', days, 31) : [];
  const named = by === 'weekdays' || by === 'either' ? each([{}], 'Weekday', weekdays, 7) : [];
  const onDays = by === 'every' ? [{}] : [...dated, ...named];
  return each(each(each(onDays, 'Month', months, 12), 'Hour', hours, 24), 'Minute', minutes, 60);
}
