import type { StateQuery } from '../tool.ts';
import type { HomeMadeState } from '../tools/home-made-match.ts';
import type { ReadyStep } from './ready-step.ts';
import type { Touch } from './remarks.ts';
import rightsSql from './sql/rights.sql?raw';
import touchedSql from './sql/touched.sql?raw';
import { quoted, type StatePlace } from './state-place.ts';
import type { Standing } from './steps.ts';

export interface WarningFacts {
  place: StatePlace;
  state: unknown;
  standing: Standing;
  steps: readonly ReadyStep[];
  query: StateQuery;
}

/** From so many rows on, by the server's estimate, a lock that others wait for is said to be one on a big table. */
const bigTable = 1_000_000;
/** Warnings of one kind; what is more is counted. */
const mostOfAKind = 10;

/**
 * What to know before a plan is run that does not stop it, a sentence each. What can't be asked for, as under a locked
 * catalogue, is left out: a plan must not fail for its warnings.
 */
export async function warningsOf(facts: WarningFacts): Promise<string[]> {
  if (!facts.steps.length) return [];
  const asked = await Promise.all(
    [rightWarnings(facts), touchWarnings(facts)].map((one) => one.catch(() => [])),
  );
  return [...(asked[0] ?? []), ...orderWarnings(facts), ...fileWarnings(facts), ...(asked[1] ?? [])];
}

interface Rights {
  role: string;
  standby: boolean;
  readOnly: boolean;
  there: boolean;
  insert: boolean | null;
  delete: boolean | null;
  truncate: boolean | null;
  create: boolean | null;
}

async function rightWarnings({ place: { table }, standing, steps, query }: WarningFacts): Promise<string[]> {
  const [rights] = await query<Rights>(rightsSql, [quoted(table), table.schema]);
  if (!rights) return [];
  if (rights.standby) return ['This server is a standby: it takes no changes. Run it on the primary.'];
  if (rights.readOnly)
    return [
      `Sessions of ${rights.role} are read-only here (default_transaction_read_only): the run will be refused.`,
    ];
  const name = `"${table.schema}.${table.name}"`;
  if (!rights.there)
    return rights.create === false
      ? [`${rights.role} may not create ${standing.title}’s table ${name}: it has no CREATE on that schema.`]
      : [];
  const ups = steps.some(({ direction }) => direction === 'up');
  const downs = steps.some(({ direction }) => direction === 'down');
  const wanted =
    standing.tool === 'golang-migrate'
      ? (['insert', 'truncate'] as const)
      : ([...(ups ? ['insert' as const] : []), ...(downs ? ['delete' as const] : [])] as const);
  const missing = wanted.filter((one) => rights[one] === false).map((one) => one.toUpperCase());
  return missing.length
    ? [
        `${rights.role} may not write ${standing.title}’s table ${name}: it has no ${missing.join(' and no ')} on it.`,
      ]
    : [];
}

/** goose refuses such; golang-migrate can't know of them. */
function orderWarnings({ standing: { tool, title, applied, migrations }, steps }: WarningFacts): string[] {
  if (tool === 'golang-migrate' || tool === 'goose') return [];
  const done = new Set(applied);
  const last = migrations.findLastIndex(({ id }) => done.has(id));
  const late = steps.filter(
    ({ direction, migration }) =>
      direction === 'up' &&
      !done.has(migration.id) &&
      migrations.findIndex(({ id }) => id === migration.id) < last,
  );
  const names = late.map(({ migration }) => migration.name);
  return late.length
    ? [
        `${few(names)} ${late.length > 1 ? 'come' : 'comes'} before ${migrations[last]?.name}, which is applied: here ${late.length > 1 ? 'they run' : 'it runs'} after it, in an empty database before it. ${title} runs ${late.length > 1 ? 'them' : 'it'} all the same.`,
      ]
    : [];
}

function fileWarnings({ standing, state, steps }: WarningFacts): string[] {
  const remarks = steps.flatMap(({ file, ready }) =>
    (ready?.remarks ?? []).map((remark) => `${file}: ${remark}`),
  );
  const checksum =
    standing.tool === 'home-made' ? (state as HomeMadeState | undefined)?.table.home?.checksum : undefined;
  const crlf = steps
    .filter(({ ready, direction }) => ready?.crlf && direction === 'up')
    .map(({ file }) => file ?? '');
  return checksum && crlf.length
    ? [
        ...remarks,
        `${few(crlf)} ${crlf.length > 1 ? 'have' : 'has'} lines that end with CRLF, and the table keeps a checksum ("${checksum}"): in a checkout with other line ends it counts as changed.`,
      ]
    : remarks;
}

interface Touched {
  name: string;
  owner: string;
  owned: boolean;
  schemaOwned: boolean;
  rows: number | null;
}

interface StepTouch extends Touch {
  file: string;
}

async function touchWarnings({ steps, query }: WarningFacts): Promise<string[]> {
  const touches = steps.flatMap(({ file, ready }) =>
    (ready?.touches ?? []).map((touch): StepTouch => ({ ...touch, file: file ?? '' })),
  );
  const names = [...new Set(touches.map(({ on }) => on))];
  if (!names.length) return [];
  const found = new Map((await query<Touched>(touchedSql, [names])).map((one) => [one.name, one]));
  return [
    ...most(touches.flatMap((one) => notOwned(one, found))),
    ...most(touches.flatMap((one) => bigLock(one, found))),
  ];
}

function notOwned({ file, line, head, on, owner }: StepTouch, found: ReadonlyMap<string, Touched>): string[] {
  const table = found.get(on);
  if (!owner || !table || table.owned || (/^DROP\b/.test(head) && table.schemaOwned)) return [];
  return [
    `${file}, line ${line}: ${on} belongs to ${table.owner}, and this role is no member of it: the server refuses ${head} (SQLSTATE 42501).`,
  ];
}

function bigLock(
  { file, line, head, on, mode, long }: StepTouch,
  found: ReadonlyMap<string, Touched>,
): string[] {
  const rows = found.get(on)?.rows ?? 0;
  // What others hardly notice is not worth a word: a lock that lets readers through, unless it is held for long.
  if (rows < bigTable || (mode !== 'ACCESS EXCLUSIVE' && !long)) return [];
  const who = mode === 'ACCESS EXCLUSIVE' ? 'everybody else' : 'whoever writes';
  const how = {
    rewrites: ', and the table is written anew meanwhile',
    perhaps: ', and every row is read meanwhile, perhaps written anew',
    scans: ', and every row is read meanwhile',
  };
  return [
    `${file}, line ${line}: ${head} locks ${on}, a table of about ${million(rows)} rows (${mode}): ${who} waits until the transaction is over${long ? how[long] : ''}.`,
  ];
}

const million = (rows: number): string => `${(rows / 1_000_000).toFixed(rows < 10_000_000 ? 1 : 0)} million`;

const few = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');

/** The same sentence once, and not a hundred of them. */
function most(all: readonly string[]): string[] {
  const once = [...new Set(all)];
  return once.length > mostOfAKind
    ? [...once.slice(0, mostOfAKind), `There are ${once.length - mostOfAKind} more such statements.`]
    : once;
}
