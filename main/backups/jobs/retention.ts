import type { PruneEntry, Retention } from '../../../preload/contract/backup-jobs.ts';
import type { Verification } from '../../../preload/contract/backups.ts';

/** What retention has to know of a backup. */
export interface Candidate {
  id: string;
  path: string;
  at: number;
  bytes: number;
  /** Backups of one series stand in for each other: of one job, database and choice of contents. */
  series: string;
  state: Verification['state'];
  isThere: boolean;
  /** Why it is never removed, whatever the rules say. */
  stays?: string;
}

export interface RetentionClock {
  now: number;
  /** By which days, weeks, months and years are told apart. */
  timeZone: string;
}

const dayMs = 24 * 3_600_000;

/**
 * Says of each backup whether the rules keep it, and why; newest first. Whatever they say, the newest backup of a series
 * stays, and so does the newest one that was verified as good. One that isn't there counts for nothing and one that is
 * damaged keeps no place; it goes only once a good one of its series is there.
 */
export function planRetention(
  backups: readonly Candidate[],
  rules: Retention | null,
  clock: RetentionClock,
): PruneEntry[] {
  const plan = [...Map.groupBy(backups, ({ series }) => series).values()].flatMap((series) =>
    planSeries([...series].sort(newestFirst), rules, clock),
  );
  return plan
    .sort((a, b) => newestFirst(a.one, b.one))
    .map(({ one: { id, path, at, bytes }, keeps, why }) => ({ backup: id, path, at, bytes, keeps, why }));
}

interface Verdict {
  one: Candidate;
  keeps: boolean;
  why: string;
}

function planSeries(series: Candidate[], rules: Retention | null, clock: RetentionClock): Verdict[] {
  const kept = (one: Candidate, why: string): Verdict => ({ one, keeps: true, why });
  if (rules === null || isEmpty(rules))
    return series.map((one) => kept(one, 'There are no rules: all backups stay.'));
  const counted = series.filter(({ isThere, state }) => isThere && state !== 'bad');
  const reasons = reasonsOf(counted, rules, clock);
  const lastGood = counted.find(({ state }) => state === 'good');
  return series.map((one) => {
    if (one.stays !== undefined) return kept(one, one.stays);
    if (!one.isThere)
      return kept(one, 'Its file is not there: it counts for no rule, and there is nothing to remove.');
    if (one.state === 'bad')
      return lastGood
        ? { one, keeps: false, why: 'It is damaged, and a good one is there.' }
        : kept(one, 'It is damaged, but there is no good one.');
    const why = [...(reasons.get(one) ?? [])];
    if (one === lastGood) why.push('the last one that was verified as good');
    if (one === counted[0]) why.push('the newest one');
    return why.length > 0
      ? kept(one, `Kept as ${why.join('; as ')}.`)
      : { one, keeps: false, why: 'No rule keeps it.' };
  });
}

/** The rules that keep each of these, newest first. */
function reasonsOf(
  counted: readonly Candidate[],
  rules: Retention,
  { now, timeZone }: RetentionClock,
): Map<Candidate, string[]> {
  const reasons = new Map<Candidate, string[]>();
  const keep = (one: Candidate, why: string): void => {
    const known = reasons.get(one);
    if (known) known.push(why);
    else reasons.set(one, [why]);
  };
  for (const [index, one] of counted.slice(0, rules.newest).entries())
    keep(one, `one of the newest ${rules.newest} (number ${index + 1})`);
  if (rules.days !== null && rules.days > 0)
    for (const one of counted)
      if (one.at > now - rules.days * dayMs) keep(one, `younger than ${count(rules.days, 'day')}`);
  const periods = periodsIn(timeZone);
  for (const [rule, word] of periodRules) {
    const seen = new Set<string>();
    for (const one of counted) {
      if (seen.size >= rules[rule]) break;
      const period = periods(one.at)[rule];
      if (seen.has(period)) continue;
      seen.add(period);
      keep(one, `the newest of its ${word} (${period})`);
    }
  }
  return reasons;
}

const periodRules = [
  ['daily', 'day'],
  ['weekly', 'week'],
  ['monthly', 'month'],
  ['yearly', 'year'],
] as const;

/** The day, the week by ISO 8601, the month and the year of a moment, by the clock of a zone. */
function periodsIn(timeZone: string): (at: number) => Record<(typeof periodRules)[number][0], string> {
  const days = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    calendar: 'iso8601',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (at) => {
    const part = Object.fromEntries(days.formatToParts(at).map(({ type, value }) => [type, value]));
    const [year = '', month = '', day = ''] = [part.year, part.month, part.day];
    return {
      daily: `${year}-${month}-${day}`,
      weekly: weekOf(Date.UTC(Number(year), Number(month) - 1, Number(day))),
      monthly: `${year}-${month}`,
      yearly: year,
    };
  };
}

/** A week belongs to the year that its Thursday lies in. */
function weekOf(day: number): string {
  const weekday = (new Date(day).getUTCDay() + 6) % 7;
  const thursday = day + (3 - weekday) * dayMs;
  const year = new Date(thursday).getUTCFullYear();
  const week = 1 + Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * dayMs));
  return `${year}-W${String(week).padStart(2, '0')}`;
}

export const isEmpty = ({ newest, days, daily, weekly, monthly, yearly }: Retention): boolean =>
  newest + (days ?? 0) + daily + weekly + monthly + yearly === 0;

const newestFirst = (a: Candidate, b: Candidate): number => b.at - a.at || Number(b.id) - Number(a.id);

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
