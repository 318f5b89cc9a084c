import type { SystemSchedule } from '../../../../preload/contract/backup-jobs.ts';
import type { CronFields } from '../../../lib/cron.ts';
import { weekdayNames } from '../cron-words.ts';
import { commonLimits, jobWords, otherZone, type SystemOrder, slugOf, xmlText } from './order.ts';

/** A task has no more triggers than that (Task Scheduler's schema). */
const mostTriggers = 48;

const monthNames =
  'January February March April May June July August September October November December'.split(' ');

/** A task for Windows's Task Scheduler, as its XML schema has it. */
export function schtasks(order: SystemOrder): SystemSchedule {
  const { id, name, schedule, times, dataFolder, command, machineZone } = order;
  const slug = slugOf(order);
  // cmd has no way to quote these within quotes.
  const job = /["%!^&|<>]/.test(name) ? id : name;
  const words = [...command.words, ...jobWords(job)].map((word) => `"${word}"`).join(' ');
  const line = `/d /s /c "set "HOWDAH_DATA_DIR=${dataFolder}"&& call ${words}"`;
  const triggers = triggersOf(times.fields);
  const limits = commonLimits(order);
  if (otherZone(order))
    limits.push(
      `Task Scheduler goes by this machine's clock, ${machineZone}, not by that of ${schedule.timeZone}: put the times of this clock in.`,
    );
  if (schedule.missed === 'tell')
    limits.push('Task Scheduler tells nobody of times when the machine was off.');
  if (/[%"]/.test(dataFolder)) limits.push('cmd can’t be told a data folder with % or " in its path.');
  const canBe = triggers.length <= mostTriggers && !/[%"]/.test(dataFolder);
  if (triggers.length > mostTriggers)
    limits.push(
      `It would take ${triggers.length} triggers, and a task has at most ${mostTriggers}: choose a simpler schedule, or let Howdah run it.`,
    );
  const text = [
    '<?xml version="1.0"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    `  <RegistrationInfo><Description>Howdah backup job ${xmlText(name)}</Description></RegistrationInfo>`,
    '  <Triggers>',
    ...triggers,
    '  </Triggers>',
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    `    <StartWhenAvailable>${schedule.missed === 'catch-up'}</StartWhenAvailable>`,
    '    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
    '  </Settings>',
    '  <Actions>',
    `    <Exec><Command>cmd.exe</Command><Arguments>${xmlText(line)}</Arguments></Exec>`,
    '  </Actions>',
    '</Task>',
    '',
  ].join('\n');
  return {
    kind: 'schtasks',
    title: 'Task Scheduler',
    files: canBe ? [{ name: `${slug}.xml`, text }] : [],
    install: canBe ? `schtasks /Create /TN "Howdah\\${slug}" /XML "${slug}.xml"` : '',
    limits,
  };
}

/** One for each time of the day; one that repeats, where the whole day is filled evenly. */
function triggersOf(fields: CronFields): string[] {
  const { minutes, hours, by } = fields;
  const kinds = by === 'either' ? (['days', 'weekdays'] as const) : [by];
  const every = 60 / minutes.length;
  const isEven = Number.isInteger(every) && minutes.every((minute, nth) => minute === nth * every);
  const times =
    hours.length === 24 && isEven && minutes.length > 1
      ? [{ at: '00:00', repeats: `PT${every}M` }]
      : hours.flatMap((hour) =>
          minutes.map((minute) => ({ at: `${two(hour)}:${two(minute)}`, repeats: '' })),
        );
  return kinds.flatMap((kind) =>
    times.map(({ at, repeats }) =>
      [
        '    <CalendarTrigger>',
        repeats && `      <Repetition><Interval>${repeats}</Interval><Duration>P1D</Duration></Repetition>`,
        `      <StartBoundary>2020-01-01T${at}:00</StartBoundary>`,
        `      ${daysOf(kind, fields)}`,
        '    </CalendarTrigger>',
      ]
        .filter(Boolean)
        .join('\n'),
    ),
  );
}

function daysOf(kind: 'every' | 'days' | 'weekdays', { days, months, weekdays }: CronFields): string {
  const inMonths = `<Months>${months.map((month) => `<${monthNames[month - 1]} />`).join('')}</Months>`;
  const named = `<DaysOfWeek>${weekdays.map((day) => `<${weekdayNames[day]} />`).join('')}</DaysOfWeek>`;
  const isAllYear = months.length === 12;
  if (kind === 'every' && isAllYear) return '<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>';
  if (kind === 'weekdays' && isAllYear)
    return `<ScheduleByWeek><WeeksInterval>1</WeeksInterval>${named}</ScheduleByWeek>`;
  if (kind === 'weekdays') {
    const weeks = ['1', '2', '3', '4', 'Last'].map((week) => `<Week>${week}</Week>`).join('');
    return `<ScheduleByMonthDayOfWeek><Weeks>${weeks}</Weeks>${named}${inMonths}</ScheduleByMonthDayOfWeek>`;
  }
  const all = kind === 'every' ? Array.from({ length: 31 }, (_, nth) => nth + 1) : days;
  const dated = all.map((day) => `<Day>${day}</Day>`).join('');
  return `<ScheduleByMonth><DaysOfMonth>${dated}</DaysOfMonth>${inMonths}</ScheduleByMonth>`;
}

const two = (number: number): string => String(number).padStart(2, '0');
