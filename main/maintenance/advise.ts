import type { Advice, Advised } from '../../preload/contract/advice.ts';
import type { MaintainedTable, MaintenanceStatus, XminHolder } from '../../preload/contract/maintenance.ts';
import { plural, qualified, shown } from './names.ts';
import { holderWords } from './status/holders.ts';
import { deadIn } from './status/tables.ts';

/** Shares of the way to the stop from which on an age is told of. */
const ageShares = { warning: 0.5, bad: 0.8 };
/** A holder of dead rows is told of once it is this old, ms. */
const oldHolderMs = 3_600_000;
/** Fewer dead rows in all than this are no harm that somebody does by holding them. */
const fewDead = 10_000;
/** Of tables that are overdue so many are told of one by one. */
const mostTables = 20;

const manual = (chapter: string): string => `PostgreSQL manual, "${chapter}"`;
const routine = manual('Routine Vacuuming');

/** What is wrong with the upkeep of a server, as its status shows it. Nothing on a healthy one. */
export function adviceOf(status: MaintenanceStatus, now: number): Advised {
  // Of a standby its primary is looked after.
  const advice = status.standby
    ? ages(status)
    : [
        ...ages(status),
        ...settings(status),
        ...held(status, now),
        ...prepared(status, now),
        ...tables(status),
        ...leftovers(status),
      ];
  return { advice, limits: status.limits.filter(({ cause }) => cause !== 'track-counts-off') };
}

const base = { room: 'maintenance', bytes: null, estimated: false, statement: null, database: null } as const;

function ages({ databases, xid, multixact }: MaintenanceStatus): Advice[] {
  return databases.flatMap(({ database, xidAge, multixactAge }) =>
    [
      { what: 'transaction', age: xidAge, limits: xid },
      { what: 'multixact', age: multixactAge, limits: multixact },
    ].flatMap(({ what, age, limits }): Advice[] => {
      const share = age / limits.stop;
      if (share < ageShares.warning) return [];
      return [
        {
          ...base,
          id: `${what}-age ${database}`,
          kind: `${what}-age`,
          severity: share >= ageShares.bad ? 'bad' : 'warning',
          title: `The oldest ${what} of ${database} has used ${Math.floor(share * 100)} % of the way to the stop`,
          object: null,
          database,
          evidence: [
            `It is ${age.toLocaleString('en-US')} ${what}s old; vacuum is forced from ${limits.forced.toLocaleString('en-US')} on.`,
            `At ${limits.stop.toLocaleString('en-US')} the server refuses every command that needs a new one.`,
          ],
          harm: 'At the end of the way nothing can be written any more until a vacuum has come through.',
          remedy:
            'See what keeps vacuum from freezing (old transactions, slots, prepared transactions), end it, and vacuum the oldest tables.',
          statement: 'VACUUM (FREEZE)',
          source: manual('Preventing Transaction ID Wraparound Failures'),
        },
      ];
    }),
  );
}

function settings({ autovacuum, trackCounts }: MaintenanceStatus): Advice[] {
  const off = (name: string, harm: string): Advice => ({
    ...base,
    id: `${name.replace('_', '-')}-off`,
    kind: `${name.replace('_', '-')}-off`,
    severity: 'bad',
    title: `${name} is off`,
    object: name,
    evidence: [`The setting ${name} is off for the whole server.`],
    harm,
    remedy: 'Turn it on; no restart is needed.',
    statement: `ALTER SYSTEM SET ${name} = on; SELECT pg_reload_conf();`,
    source: manual('The Autovacuum Daemon'),
  });
  return [
    ...(autovacuum
      ? []
      : [
          off(
            'autovacuum',
            'Dead rows stay, tables and indexes grow, and plans are made from old statistics.',
          ),
        ]),
    ...(trackCounts
      ? []
      : [off('track_counts', 'Nothing is counted, so autovacuum does nothing but prevent wraparound.')]),
  ];
}

/** Old snapshots matter where rows die meanwhile. */
function held({ holders, dead }: MaintenanceStatus, now: number): Advice[] {
  if (dead < fewDead) return [];
  return holders
    .filter(
      ({ kind, since, age, catalogOnly, state }) =>
        kind !== 'prepared transaction' &&
        !catalogOnly &&
        age > 1000 &&
        (since !== null ? now - since > oldHolderMs : kind === 'replication slot' && state === 'inactive'),
    )
    .slice(0, 5)
    .map((holder) => ofHolder(holder, dead, now));
}

function ofHolder(holder: XminHolder, dead: number, now: number): Advice {
  const { kind, name, age, since, database, remedy, statement } = holder;
  const hours = since === null ? undefined : Math.floor((now - since) / 3_600_000);
  return {
    ...base,
    id: `xmin-holder ${kind} ${name}`,
    kind: 'xmin-holder',
    severity: 'warning',
    title: `${capital(holderWords(holder))} keeps dead rows from being removed`,
    object: name,
    database,
    evidence: [
      `${plural(age, 'transaction')} began since its snapshot${hours === undefined ? '' : `, which is ${plural(hours, 'hour')} old`}.`,
      `${plural(dead, 'row')} are dead in this database now.`,
    ],
    harm: 'Tables and indexes grow, and every scan reads rows that nobody can see.',
    remedy,
    statement,
    source: routine,
  };
}

function prepared({ holders }: MaintenanceStatus, now: number): Advice[] {
  return holders
    .filter(
      ({ kind, since }) => kind === 'prepared transaction' && since !== null && now - since > oldHolderMs,
    )
    .map((holder) => ({
      ...base,
      id: `prepared-transaction ${holder.name}`,
      kind: 'prepared-transaction',
      severity: 'bad',
      title: `The prepared transaction "${holder.name}" was never ended`,
      object: holder.name,
      database: holder.database,
      evidence: [
        `${holder.user ?? 'Somebody'} prepared it ${plural(Math.floor((now - (holder.since ?? now)) / 3_600_000), 'hour')} ago.`,
        `${plural(holder.age, 'transaction')} began since.`,
      ],
      harm: 'It keeps its locks and every dead row since, through restarts too.',
      remedy: holder.remedy,
      statement: holder.statement,
      source: manual('PREPARE TRANSACTION'),
    }));
}

/** Past twice the threshold, and autovacuum can't or does not get to it. */
function tables({ tables: all, autovacuum, trackCounts, database }: MaintenanceStatus): Advice[] {
  // That it is off for all is one finding, not one for each table.
  if (!autovacuum || !trackCounts) return [];
  return all
    .filter((table) => isNeglected(table) || isNeglected(table.toast))
    .slice(0, mostTables)
    .map((table) => ofTable(table, database));
}

/** Small tables pass their threshold twice over between two looks of autovacuum. */
const leastDead = 5000;

const isNeglected = (heap: Pick<MaintainedTable, 'dead'> | null): boolean =>
  heap !== null &&
  (heap.dead.counted ?? 0) > 2 * (heap.dead.threshold ?? Number.POSITIVE_INFINITY) &&
  (heap.dead.counted ?? 0) >= leastDead;

function ofTable(table: MaintainedTable, database: string): Advice {
  const { dead, live, off, lastAutovacuum, lastVacuum, bytes } = isNeglected(table)
    ? table
    : { ...table, ...(table.toast ?? {}) };
  const last = Math.max(lastVacuum ?? 0, lastAutovacuum ?? 0);
  const name = shown(table);
  return {
    ...base,
    id: `vacuum-overdue ${name}`,
    kind: 'vacuum-overdue',
    severity: 'warning',
    title: off
      ? `${name} is full of dead rows, and autovacuum is switched off for it`
      : `${name} has more than twice the dead rows at which autovacuum acts`,
    object: name,
    database,
    evidence: [
      `${plural(deadIn(table), 'row')} dead beside ${plural(live ?? 0, 'row')} live; it is due from ${Math.ceil(dead.threshold ?? 0).toLocaleString('en-US')} on.`,
      last === 0
        ? 'It was never vacuumed.'
        : `Last vacuumed ${new Date(last).toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
      ...table.options.map((option) => `Its own setting: ${option}.`),
    ],
    harm: 'It grows, and every scan reads rows that nobody can see.',
    remedy: off
      ? 'Let autovacuum have it again, and vacuum it once.'
      : 'Vacuum it; if the rows stay dead, end what holds them back, and if autovacuum does not keep up, give it more workers or a higher cost limit.',
    statement: off
      ? `ALTER TABLE ${qualified(table)} RESET (autovacuum_enabled); VACUUM (ANALYZE) ${qualified(table)};`
      : `VACUUM (ANALYZE) ${qualified(table)};`,
    bytes: String(bytes),
    estimated: true,
    source: routine,
  };
}

function leftovers({ leftovers: all, database }: MaintenanceStatus): Advice[] {
  return all.map(({ schema, name, table, statement }) => ({
    ...base,
    id: `reindex-leftover ${schema}.${name}`,
    kind: 'reindex-leftover',
    severity: 'warning',
    title: `${schema}.${name} was left behind by a REINDEX CONCURRENTLY`,
    object: `${schema}.${name}`,
    database,
    evidence: [`It is an index of ${table} that is not valid, and nobody builds it now.`],
    harm: 'No query uses it, and every write to the table keeps it up.',
    remedy: 'Drop it, then reindex again if that is still wanted.',
    statement: `${statement};`,
    source: manual('REINDEX'),
  }));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
