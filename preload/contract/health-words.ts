import type { Adviser } from './advice.ts';
import type { HealthFinding, HealthReport } from './health.ts';

/** How the rooms of a report are spoken of, in the order in which they are told, and what each looks for. */
export const roomWords: Record<Adviser, { title: string; looksFor: string }> = {
  activity: {
    title: 'Sessions',
    looksFor: 'connections near the limit, transactions left open, deadlocks, rollbacks, the cache',
  },
  locks: { title: 'Locks', looksFor: 'sessions that wait for others, now and lately' },
  queries: {
    title: 'Statements',
    looksFor: 'statements that take much of the time, have become slower, or lack an index',
  },
  storage: {
    title: 'Storage',
    looksFor: 'duplicate, redundant, unused and invalid indexes, foreign keys without one, bloat',
  },
  maintenance: {
    title: 'Vacuum',
    looksFor: 'dead rows, autovacuum, the age of transaction ids, what holds VACUUM back',
  },
  server: {
    title: 'Server',
    looksFor: 'end of support, dangerous settings, replication, slots, the archiver, collations',
  },
  access: { title: 'Access', looksFor: 'views that lead past row-level security' },
};

export const roomOrder = Object.keys(roomWords) as Adviser[];

/** What a report comes to: the worst that was found, or that nothing was; `unknown` where not everything could be looked at. */
export type Verdict = 'bad' | 'warning' | 'notice' | 'fine' | 'unknown';

export function verdictOf({ findings, looks }: Pick<HealthReport, 'findings' | 'looks'>): Verdict {
  const worst = findings[0]?.severity;
  if (worst === 'bad' || worst === 'warning') return worst;
  if (looks.some(({ state }) => state !== 'done')) return 'unknown';
  return worst ?? 'fine';
}

/** A report in one or two sentences. That nothing was found is only said with what was looked at. */
export function summaryOf(report: Pick<HealthReport, 'findings' | 'looks' | 'limits'>): string {
  const { findings, looks, limits } = report;
  const failed = looks.filter(({ state }) => state !== 'done');
  const done = looks.filter(({ state }) => state === 'done');
  const looked = done.length === 0 ? 'Nothing could be looked at' : `Looked at ${titles(done)}`;
  const unseen = failed.length === 0 ? '' : ` ${titles(failed, true)} could not be looked at.`;
  const partly = limits.length > 0 && done.length > 0 ? ' Not all of it could be seen: see the limits.' : '';
  const counts = (['bad', 'warning', 'notice'] as const)
    .map((severity) => [severity, findings.filter((one) => one.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => countOf(severity, count));
  const found = counts.length > 0 ? `${counts.join(', ')}.` : done.length > 0 ? 'Nothing was found.' : '';
  return `${found} ${looked}.${unseen}${partly}`.trim();
}

/** Findings of one sort, that many of which are told as one. */
export interface FindingGroup {
  kind: string;
  findings: HealthFinding[];
}

/** Findings that stand beside each other and are of one sort. The order is kept. */
export function groupsOf(findings: readonly HealthFinding[]): FindingGroup[] {
  const groups: FindingGroup[] = [];
  for (const finding of findings) {
    const last = groups.at(-1);
    if (last?.kind === finding.kind && last.findings[0]?.severity === finding.severity)
      last.findings.push(finding);
    else groups.push({ kind: finding.kind, findings: [finding] });
  }
  return groups;
}

const nouns = { bad: 'bad', warning: 'warning', notice: 'notice' } as const;

function countOf(severity: keyof typeof nouns, count: number): string {
  if (severity === 'bad') return `${count} bad ${count === 1 ? 'finding' : 'findings'}`;
  return `${count} ${nouns[severity]}${count === 1 ? '' : 's'}`;
}

function titles(looks: HealthReport['looks'], isStart = false): string {
  const names = looks.map(({ room }) => roomWords[room].title.toLowerCase());
  const last = names.at(-1) ?? '';
  const text = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
  return isStart ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
