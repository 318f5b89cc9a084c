import type { Advice } from '../../preload/contract/advice.ts';
import type { HealthFinding } from '../../preload/contract/health.ts';
import { roomOrder } from '../../preload/contract/health-words.ts';

const severityOrder = { bad: 0, warning: 1, notice: 2 } as const;

/** What a thing does harm to, worst first: data, the service, who may see it, speed, space. */
const harms: readonly (readonly [RegExp, number])[] = [
  [/^(fsync-off|full-page-writes-off|xid-age|multixact-age|slot-lost|archiver-failing|support-ended)/, 0],
  [/^(connections|lock-jam|prepared|slot|replication|replay|settings-file|collation|autovacuum|track)/, 1],
  [/^view-past-rls/, 2],
  [/^(idle-in-transaction|long-transaction|xmin-holder|deadlocks|vacuum-overdue)/, 3],
  [/^(index-missing|index-invalid|foreign-key|statement|checkpoints|cache|settings-pending)/, 4],
];
const leastHarm = 5;

const harmOf = (kind: string): number => harms.find(([pattern]) => pattern.test(kind))?.[1] ?? leastHarm;

/**
 * Findings of all rooms as one list, worst first, those of one sort beside each other. What two rooms say of the same
 * thing is told once, with the evidence of both.
 */
export function rankFindings(all: readonly Advice[]): HealthFinding[] {
  const merged = mergeSame(all);
  const weight = new Map<HealthFinding, number>(merged.map((one) => [one, Number(one.bytes ?? 0)]));
  const byKind = new Map<string, number>();
  for (const one of merged) {
    const key = `${one.severity} ${one.kind}`;
    byKind.set(key, Math.max(byKind.get(key) ?? 0, weight.get(one) ?? 0));
  }
  const kindWeight = ({ severity, kind }: HealthFinding): number => byKind.get(`${severity} ${kind}`) ?? 0;
  return merged.sort(
    (a, b) =>
      severityOrder[a.severity] - severityOrder[b.severity] ||
      harmOf(a.kind) - harmOf(b.kind) ||
      kindWeight(b) - kindWeight(a) ||
      compare(a.kind, b.kind) ||
      (weight.get(b) ?? 0) - (weight.get(a) ?? 0) ||
      compare(a.title, b.title),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Two that have one of these in common speak of the same thing. */
function keysOf({ id, kind, database, object, statement }: Advice): string[] {
  const session = /\bpg_(?:terminate|cancel)_backend\((\d+)\)/.exec(statement ?? '')?.[1];
  const prepared = /^ROLLBACK PREPARED\s+('.*')\s*;?\s*$/s.exec(statement ?? '')?.[1];
  return [
    `id ${id}`,
    ...(object === null ? [] : [`object ${JSON.stringify([kind, database, object])}`]),
    // Rooms tell a session's own database, or that it is the whole server's matter.
    ...(session === undefined ? [] : [`session ${session}`]),
    ...(prepared === undefined ? [] : [`prepared ${prepared}`]),
    ...(statement === null ? [] : [`statement ${JSON.stringify([database, squeeze(statement)])}`]),
  ];
}

/** SQL without what makes no difference to the server: blanks, case of plain words, quotes around plain names. */
function squeeze(sql: string): string {
  return sql
    .replace(/"([a-z_][a-z0-9_$]*)"/g, '$1')
    .replace(/\s+/g, ' ')
    .replace(/\s*([(),;])\s*/g, '$1')
    .replace(/;$/, '')
    .trim();
}

function mergeSame(all: readonly Advice[]): HealthFinding[] {
  const found: HealthFinding[] = [];
  const known = new Map<string, HealthFinding>();
  // The worst first: it gives the words.
  const ordered = [...all].sort(
    (a, b) =>
      severityOrder[a.severity] - severityOrder[b.severity] ||
      roomOrder.indexOf(a.room) - roomOrder.indexOf(b.room),
  );
  for (const advice of ordered) {
    const keys = keysOf(advice);
    const same = keys.map((key) => known.get(key)).find((one) => one !== undefined);
    const finding = same ?? { ...advice, rooms: [advice.room] };
    if (same) {
      if (!same.rooms.includes(advice.room)) same.rooms.push(advice.room);
      same.evidence = [...new Set([...same.evidence, ...advice.evidence])];
      same.statement ??= advice.statement;
      same.bytes ??= advice.bytes;
      same.estimated ||= advice.estimated;
    } else found.push(finding);
    for (const key of keys) known.set(key, finding);
  }
  return found;
}
