import type { Explanation } from '../../../preload/contract/common.ts';
import type { IndexReport, IndexUse } from '../../../preload/contract/storage.ts';
import type { ServerPool } from '../../servers/index.ts';
import { inBatches } from '../tables/batches.ts';
import { plural, spanWords } from '../words.ts';
import definitionsSql from './definitions.sql?raw';
import { type IndexFacts, readIndexFacts } from './facts.ts';
import { findIndexFaults, type IndexFinding } from './findings.ts';
import sizesSql from './sizes.sql?raw';
import { indexTree } from './tree.ts';
import { longEnough, verdictOf } from './verdict.ts';

/** For how many findings definitions are asked for. */
const mostDefined = 500;

/** The list of indexes with their use; then the same with exact sizes, and with what is wrong. */
export async function* followIndexes(
  pool: ServerPool,
  {
    now,
    firstSeen,
    signal,
  }: {
    now: () => number;
    firstSeen: (database: string) => IndexFacts['firstSeen'];
    signal?: AbortSignal | undefined;
  },
): AsyncGenerator<IndexReport, void, void> {
  const read = await readIndexFacts(pool);
  const facts = { ...read, firstSeen: firstSeen(read.database) };
  const nothingYet: ReadonlySet<number> = new Set();
  yield {
    at: now(),
    database: facts.database,
    complete: false,
    counting: facts.counting,
    indexes: usesOf(facts, nothingYet),
    findings: [],
    limits: limitsOf(facts, 0),
  };
  signal?.throwIfAborted();
  const { measured, waiting } = await measureIndexes(pool, facts, signal);
  const found = findIndexFaults(measured);
  await define(pool, found, signal);
  yield {
    at: now(),
    database: facts.database,
    complete: true,
    counting: facts.counting,
    indexes: usesOf(measured, waiting),
    findings: found.map(({ advice }) => advice),
    limits: limitsOf(facts, waiting.size),
  };
}

/** The same facts with exact sizes, and which indexes were locked. */
export async function measureIndexes(
  pool: ServerPool,
  facts: IndexFacts,
  signal?: AbortSignal,
): Promise<{ measured: IndexFacts; waiting: ReadonlySet<number> }> {
  const sizes = new Map<number, number>();
  const waiting = new Set<number>();
  const oids = facts.indexes.filter(({ kind }) => kind === 'i').map(({ oid }) => oid);
  for await (const batch of inBatches<{ oid: number; bytes: number }>(pool, sizesSql, oids, signal)) {
    for (const { oid, bytes } of batch.rows) sizes.set(oid, bytes);
    for (const oid of batch.waiting) waiting.add(oid);
  }
  return { measured: { ...facts, sizes }, waiting };
}

/** Puts definitions into the evidence, as far as they can be had. */
async function define(pool: ServerPool, found: readonly IndexFinding[], signal?: AbortSignal): Promise<void> {
  const shown = found.slice(0, mostDefined);
  const oids = [...new Set(shown.flatMap(({ defines }) => defines.map(({ oid }) => oid)))];
  const definitions = new Map<number, string>();
  for await (const { rows } of inBatches<{ oid: number; definition: string }>(
    pool,
    definitionsSql,
    oids,
    signal,
  ))
    for (const { oid, definition } of rows) definitions.set(oid, definition);
  for (const { advice, defines } of shown) {
    for (const { oid, name } of defines) {
      const definition = definitions.get(oid);
      advice.evidence.push(definition ?? `How ${name} is defined could not be had: it is locked.`);
    }
  }
}

function usesOf(facts: IndexFacts, waiting: ReadonlySet<number>): IndexUse[] {
  const tree = indexTree(facts);
  return facts.indexes.map((index) => {
    const scans = tree.scansOf(index);
    const isExact = tree.leavesOf(index).every(({ oid }) => facts.sizes.has(oid));
    const above = index.parent === null ? undefined : tree.byOid.get(index.parent);
    return {
      oid: index.oid,
      schema: index.schema,
      name: index.name,
      table: index.table,
      tableName: index.table_name,
      method: index.method,
      columns: index.columns,
      keys: index.keys,
      unique: index.is_unique,
      primary: index.is_primary,
      partial: index.predicate !== null,
      valid: index.is_valid,
      constraint: index.constraint,
      attachedTo: above ? `${above.schema}.${above.name}` : null,
      scans: scans === null || !facts.counting.on ? null : String(scans),
      lastScanAt: tree.lastScanOf(index),
      bytes: String(tree.bytesOf(index)),
      source: isExact ? 'exact' : waiting.has(index.oid) ? 'waiting' : 'pages',
      verdict: verdictOf(index, tree, facts),
      firstSeenAt: facts.firstSeen.get(index.oid) ?? null,
    };
  });
}

function limitsOf({ counting, building }: IndexFacts, waiting: number): Explanation[] {
  const limits: Explanation[] = [];
  if (!counting.on) {
    limits.push({
      cause: 'not-counted',
      what: 'Use of indexes is not counted on this server.',
      why: 'track_counts is off.',
      next: 'Switch it on and look again after a week; autovacuum needs it too.',
      command: 'ALTER SYSTEM SET track_counts = on; SELECT pg_reload_conf();',
    });
  } else if (counting.forMs < longEnough) {
    limits.push({
      cause: 'counted-too-short',
      what: `Unused indexes are not judged yet: use has been counted for ${spanWords(counting.forMs)} only.`,
      why: 'The counters were reset then, or the server was started.',
      next: `Look again in ${spanWords(longEnough - counting.forMs)}; what is used once a month needs a month.`,
    });
  }
  if (counting.isStandby) {
    limits.push({
      cause: 'on-standby',
      what: 'Unused indexes are not judged here: this is a standby.',
      why: 'What is read at the primary is counted there.',
      next: 'Look at the primary, and at every other standby.',
    });
  } else if (counting.standbys > 0) {
    limits.push({
      cause: 'standbys-not-counted',
      what: `What ${plural(counting.standbys, 'standby reads', 'standbys read')} is not counted here.`,
      why: 'Each server counts for itself, and an index that nobody uses here may be in use there.',
      next: 'Look there too before an index is dropped. Only large unused ones are named, one step milder.',
    });
  }
  if (building.tables.size > 0) {
    limits.push({
      cause: 'builds-hidden',
      what: 'Invalid indexes of some tables are not judged: an index is being built there.',
      why: 'This role may not see which one.',
      next: 'Have pg_monitor granted to it.',
    });
  }
  if (waiting > 0) {
    limits.push({
      cause: 'sizes-locked',
      what: `The size of ${plural(waiting, 'index', 'indexes')} could not be measured.`,
      why: 'A session holds or waits for an ACCESS EXCLUSIVE lock on them or their tables.',
      next: 'What is shown is what the last VACUUM or ANALYZE noted. Look again when the lock is gone.',
    });
  }
  return limits;
}
