import type { SystemSchedule } from '../../../../preload/contract/backup-jobs.ts';
import type { CronFields } from '../../../lib/cron.ts';
import { commonLimits, jobWords, otherZone, type SystemOrder, shellWord } from './order.ts';

/** A line for crontab(5), and above it what it is of. */
export function crontab(order: SystemOrder): SystemSchedule {
  const { name, schedule, times, dataFolder, command, machineZone } = order;
  const words = [...command.words, ...jobWords(name)].map(shellWord).join(' ');
  // To cron a percent sign ends the command, within quotes too.
  const line = `HOWDAH_DATA_DIR=${shellWord(dataFolder)} ${words}`.replaceAll('%', String.raw`\%`);
  const isOther = otherZone(order);
  const text = [
    `# Howdah: ${name}`,
    ...(isOther ? [`CRON_TZ=${schedule.timeZone}`] : []),
    `${cronText(times.fields)} ${line}`,
  ].join('\n');
  const limits = commonLimits(order);
  if (isOther)
    limits.push(
      `CRON_TZ is known to cronie alone (Red Hat, Fedora, Arch), and counts for all lines below it. Debian's, Ubuntu's and macOS's cron go by the machine's clock, ${machineZone}: leave CRON_TZ out and put their times in.`,
    );
  if (schedule.missed === 'catch-up')
    limits.push('cron does not make up for times when the machine was off or slept.');
  else limits.push('cron tells nobody of times when the machine was off or slept.');
  const hasBreak = /[\r\n]/.test(text.split('\n').slice(-1)[0] ?? '') || dataFolder.includes('\n');
  if (hasBreak) limits.push('A line of cron can’t hold the line break in the data folder’s path.');
  return {
    kind: 'crontab',
    title: 'cron',
    files: hasBreak ? [] : [{ name: '', text }],
    install: hasBreak
      ? ''
      : `(crontab -l 2>/dev/null; cat <<'HOWDAH_END'\n${text}\nHOWDAH_END\n) | crontab -`,
    limits,
  };
}

/**
 * Every cron reads these alike: numbers alone, since some take no lists of names; and `*` where all fits only, since
 * some want both kinds of days to fit when one begins with it.
 */
function cronText({ minutes, hours, days, months, weekdays, by }: CronFields): string {
  const isByDays = by === 'days' || by === 'either';
  const isByWeekdays = by === 'weekdays' || by === 'either';
  return [
    field(minutes, 60),
    field(hours, 24),
    isByDays ? field(days, 99) : '*',
    field(months, 12),
    isByWeekdays ? field(weekdays, 99) : '*',
  ].join(' ');
}

function field(values: readonly number[], all: number): string {
  if (values.length === all) return '*';
  const ranges: [number, number][] = [];
  for (const value of values) {
    const last = ranges.at(-1);
    if (last && value === last[1] + 1) last[1] = value;
    else ranges.push([value, value]);
  }
  return ranges
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from},${to}` : `${from}-${to}`))
    .join(',');
}
