import { escapeIdentifier } from 'pg';
import type { LockMode, StatementFacts } from '../../preload/contract/schema-diff.ts';

/** What one statement does while it runs. */
export interface Effects extends StatementFacts {
  /** `destroy`: it takes something away, or rows. */
  risk: 'read' | 'change' | 'destroy';
  /** What to mind, a sentence each. */
  notes: string[];
}

export type Fields = Record<string, unknown>;

export const effects = (risk: Effects['risk'], more: Partial<Omit<Effects, 'risk'>> = {}): Effects => ({
  risk,
  rewrites: 'no',
  scans: false,
  inTransaction: true,
  ...more,
  locks: strongest(more.locks ?? []),
  notes: [...new Set(more.notes ?? [])],
});

export const lock = (mode: LockMode, on: string): { mode: LockMode; on: string } => ({ mode, on });

/** From weak to strong (PostgreSQL manual, "Table-Level Locks"). */
const modes: LockMode[] = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
];

/** Of several locks on one relation the strongest; in the order in which relations are first named. */
function strongest(locks: StatementFacts['locks']): StatementFacts['locks'] {
  const found = new Map<string, LockMode>();
  for (const { mode, on } of locks) {
    if (!on) continue;
    const before = found.get(on);
    if (!before || modes.indexOf(before) < modes.indexOf(mode)) found.set(on, mode);
  }
  return [...found].map(([on, mode]) => ({ mode, on }));
}

export const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

export const items = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A relation as the statement names it, quoted where it has to be. */
export function nameOf(relation: unknown): string {
  if (!isObject(relation) || typeof relation.relname !== 'string') return '';
  const parts = [relation.schemaname, relation.relname].filter(
    (part) => typeof part === 'string' && part !== '',
  );
  return parts.map((part) => quoted(part as string)).join('.');
}

/** The parts of an object's name, quoted where they have to be. */
export function namesIn(object: unknown): string[] {
  if (!isObject(object)) return [];
  if (isObject(object.List)) return items(object.List.items).flatMap((one) => namesIn(one));
  if (isObject(object.String)) return [quoted(text(object.String.sval))];
  if (isObject(object.TypeName)) return items(object.TypeName.names).flatMap((one) => namesIn(one));
  return [];
}

/** Relations that a query reads, as it names them; those of its own WITH are none. */
export function relationsIn(query: unknown): string[] {
  const found = new Set<string>();
  const own = new Set<string>();
  JSON.stringify(query, (key, value: unknown) => {
    if (key === 'RangeVar' && isObject(value)) found.add(nameOf(value));
    if (key === 'CommonTableExpr' && isObject(value)) own.add(quoted(text(value.ctename)));
    return value;
  });
  return [...found].filter((name) => !own.has(name));
}

const quoted = (name: string): string => (/^[a-z_][a-z0-9_$]*$/.test(name) ? name : escapeIdentifier(name));
