import type { Advice } from '../../../preload/contract/advice.ts';
import type { TableRow } from '../tables/list.ts';
import { bytesWords, countWords, plural, spanWords } from '../words.ts';
import type { IndexFacts, IndexRow } from './facts.ts';
import { findUnindexed, type Unindexed } from './foreign-keys.ts';
import { findSuperfluous, type Superfluous } from './same.ts';
import { createForKey, dropIndex } from './statements.ts';
import { type IndexTree, indexTree } from './tree.ts';
import { verdictOf } from './verdict.ts';

/** A finding with the indexes whose definitions belong to its evidence. */
export interface IndexFinding {
  advice: Advice;
  defines: readonly IndexRow[];
}

/** Below this an index that nobody needs does no harm worth a word, bytes. */
const worthSaying = 1024 * 1024;
/** One that is only never used costs less than the decision to drop it, below this, bytes. */
const worthDropping = 10 * 1024 * 1024;
/** From this on it is more than a notice, bytes. */
const worthActing = 256 * 1024 * 1024;
/** A foreign key whose check reads this many rows holds others up. */
const manyRows = 100_000;

const rank = { bad: 0, warning: 1, notice: 2 } as const;

/** What is wrong with the indexes of a database, worst and largest first. */
export function findIndexFaults(facts: IndexFacts): IndexFinding[] {
  const tree = indexTree(facts);
  const same = findSuperfluous(tree);
  const told = new Set(same.map(({ index }) => index.oid));
  const found = [
    ...same.flatMap((one) => superfluous(one, facts, tree)),
    ...facts.indexes.flatMap((index) => invalid(index, facts, tree)),
    ...facts.indexes.flatMap((index) => (told.has(index.oid) ? [] : unused(index, facts, tree))),
    ...findUnindexed(facts, tree).map((one) => unindexed(one, facts)),
  ];
  return found.sort(
    ({ advice: a }, { advice: b }) =>
      rank[a.severity] - rank[b.severity] || Number(b.bytes ?? 0) - Number(a.bytes ?? 0),
  );
}

const nameOf = ({ schema, name }: { schema: string; name: string }): string => `${schema}.${name}`;
const tableOf = ({ schema, table_name }: IndexRow): string => `${schema}.${table_name}`;

const base = { room: 'storage', estimated: false, database: null, bytes: null } as const;
const slower = 'Every INSERT, every VACUUM, and most UPDATEs work on it too, and it takes memory and disk.';

function superfluous(
  { index, keeper, kind }: Superfluous,
  facts: IndexFacts,
  tree: IndexTree,
): IndexFinding[] {
  const bytes = tree.bytesOf(index);
  const isSame = kind === 'index-duplicate';
  if (!isSame && bytes < worthSaying) return [];
  const scans = tree.scansOf(index);
  return [
    {
      defines: [index, keeper],
      advice: {
        ...base,
        id: `${kind} ${nameOf(index)}`,
        kind,
        severity: isSame ? 'warning' : 'notice',
        title: isSame
          ? `${nameOf(index)} is the same index as ${nameOf(keeper)}`
          : `${nameOf(index)} is the beginning of ${nameOf(keeper)}`,
        object: nameOf(index),
        database: facts.database,
        evidence: [
          isSame
            ? `Both index (${keyWords(index)}) of ${tableOf(index)} by ${index.method}${keeper.is_unique ? `, and ${keeper.name} also keeps the rows unique` : ''}.`
            : `It indexes (${keyWords(index)}) of ${tableOf(index)}, and ${keeper.name} (${keyWords(keeper)}), so that one finds the same rows.`,
          `It takes ${bytesWords(bytes)}, the other one ${bytesWords(tree.bytesOf(keeper))}.`,
          ...(scans
            ? [
                `It was scanned ${plural(scans, 'time')} in ${spanWords(facts.counting.forMs)}; the other one can do that.`,
              ]
            : []),
        ],
        harm: slower,
        remedy: isSame
          ? `Drop ${index.name}; ${keeper.name} stays.`
          : `Drop ${index.name} unless it is scanned very often: ${keeper.name} has larger entries.`,
        statement: dropIndex(index),
        bytes: String(bytes),
        source: 'PostgreSQL manual, Multicolumn Indexes',
      },
    },
  ];
}

const keyWords = ({ columns, keys }: IndexRow): string =>
  columns.slice(0, keys).join(', ') +
  (columns.length > keys ? `) INCLUDE (${columns.slice(keys).join(', ')}` : '');

function invalid(index: IndexRow, facts: IndexFacts, tree: IndexTree): IndexFinding[] {
  if (index.is_valid || index.persistence === 't' || index.of_extension) return [];
  const { building } = facts;
  if (building.indexes.has(index.oid) || building.tables.has(index.table)) return [];
  const bytes = tree.bytesOf(index);
  const common = { ...base, object: nameOf(index), database: facts.database, bytes: String(bytes) };
  if (index.kind === 'I') {
    return [
      {
        defines: [index],
        advice: {
          ...common,
          id: `index-incomplete ${nameOf(index)}`,
          kind: 'index-incomplete',
          severity: 'notice',
          title: `${nameOf(index)} lacks the indexes of some partitions`,
          evidence: [
            `It was made ON ONLY ${tableOf(index)}, and not every partition has an index attached to it.`,
          ],
          harm: 'Partitions without one are read whole, and a unique index keeps nothing unique until it is complete.',
          remedy:
            'Make the missing ones with CREATE INDEX CONCURRENTLY, and attach each with ALTER INDEX … ATTACH PARTITION.',
          statement: null,
          source: 'PostgreSQL manual, ALTER INDEX',
        },
      },
    ];
  }
  const isLeft = /_cc(new|old)\d*$/.test(index.name);
  return [
    {
      defines: [index],
      advice: {
        ...common,
        id: `index-invalid ${nameOf(index)}`,
        kind: 'index-invalid',
        severity: 'warning',
        title: `${nameOf(index)} is not valid`,
        evidence: [
          isLeft
            ? 'A REINDEX CONCURRENTLY was broken off and left it.'
            : 'A CREATE INDEX CONCURRENTLY was broken off, or found rows that are not unique.',
          `It takes ${bytesWords(bytes)}; no query uses it, and nobody is building it now.`,
        ],
        harm: index.is_unique
          ? 'It does not keep anything unique, and writes may still have to maintain it.'
          : 'Writes may still have to maintain it, for nothing.',
        remedy: isLeft
          ? 'Drop it; the index that was to be rebuilt is still there.'
          : 'Drop it, and make it again if it is still wanted.',
        statement: dropIndex(index),
        source: 'PostgreSQL manual, CREATE INDEX, Building Indexes Concurrently',
      },
    },
  ];
}

function unused(index: IndexRow, facts: IndexFacts, tree: IndexTree): IndexFinding[] {
  const { counting } = facts;
  if (!index.is_valid || index.persistence === 't' || index.of_extension) return [];
  // What a standby counts says nothing of the primary, where the index would have to be dropped.
  if (counting.isStandby || verdictOf(index, tree, facts) !== 'unused') return [];
  const bytes = tree.bytesOf(index);
  const isLarge = bytes >= worthActing;
  // On a standby it may be in use all day: only what is large is then worth going there to look.
  if (bytes < worthDropping || (counting.standbys > 0 && !isLarge)) return [];
  return [
    {
      defines: [index],
      advice: {
        ...base,
        id: `index-unused ${nameOf(index)}`,
        kind: 'index-unused',
        severity: isLarge && counting.standbys === 0 ? 'warning' : 'notice',
        title: `${nameOf(index)} has not been used`,
        object: nameOf(index),
        database: facts.database,
        evidence: [
          `No scan of it was counted in ${spanWords(counting.forMs)}, since the last reset of the counters or the start of the server.`,
          `It takes ${bytesWords(bytes)} and keeps nothing unique.`,
          ...(counting.standbys > 0
            ? [
                `${plural(counting.standbys, 'standby', 'standbys')} may use it: what is read there is not counted here.`,
              ]
            : []),
        ],
        harm: slower,
        remedy: `${counting.standbys > 0 ? 'Look at pg_stat_all_indexes of each standby too. ' : ''}Drop it if nothing needs it once a month, once a quarter or in an emergency.`,
        statement: dropIndex(index),
        bytes: String(bytes),
        source: 'PostgreSQL manual, Examining Index Usage',
      },
    },
  ];
}

function unindexed({ key, rows, deletes }: Unindexed, facts: IndexFacts): IndexFinding {
  const table = `${key.schema}.${key.table_name}`;
  const referenced = `${key.referenced_schema}.${key.referenced_name}`;
  const does =
    key.on_delete === 'c' ? 'to delete the rows that go with it' : 'to look for rows that refer to it';
  return {
    defines: [],
    advice: {
      ...base,
      id: `foreign-key-unindexed ${table}.${key.name}`,
      kind: 'foreign-key-unindexed',
      severity: rows >= manyRows ? 'warning' : 'notice',
      title: `No index of ${table} serves the foreign key ${key.name}`,
      object: table,
      database: facts.database,
      evidence: [
        `${table} (${key.columns.join(', ')}) refers to ${referenced}, and no index begins with it.`,
        `It has about ${countWords(rows)} rows, all of which are read for each row deleted from ${referenced}, ${does}.`,
        `${plural(deletes, 'row was', 'rows were')} deleted from ${referenced} in ${spanWords(facts.counting.forMs)}.`,
      ],
      harm: `Each DELETE from ${referenced}, and each change of its key, reads the whole of ${table} and holds its locks for that long.`,
      remedy: 'Make an index on the columns of the foreign key.',
      statement: createForKey(key, descendants(key.table, facts.tables)),
      source: 'PostgreSQL manual, Foreign Keys',
    },
  };
}

/** All tables below a partitioned one, each after the one it is a partition of. */
function descendants(oid: number, tables: readonly TableRow[]): TableRow[] {
  const children = Map.groupBy(tables, ({ parent }) => parent);
  const found: TableRow[] = [];
  const walk = (at: number): void => {
    for (const child of children.get(at) ?? []) {
      if (found.includes(child)) continue;
      found.push(child);
      walk(child.oid);
    }
  };
  walk(oid);
  return found;
}
