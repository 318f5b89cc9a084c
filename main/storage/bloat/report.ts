import { escapeIdentifier as quoted } from 'pg';
import type { Advice } from '../../../preload/contract/advice.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { BloatReport } from '../../../preload/contract/storage-bloat.ts';
import type { ServerPool } from '../../servers/index.ts';
import pageSizeSql from '../tables/page-size.sql?raw';
import { bytesWords, plural } from '../words.ts';
import { indexWaste, type Statistics, tableWaste } from './estimate.ts';
import indexesSql from './indexes.sql?raw';
import tablesSql from './tables.sql?raw';

/** What is smaller is not looked at, bytes. */
const from = 10 * 1024 * 1024;
/** An estimate errs: only from this much, and this share, is it worth a finding. */
const worthSaying = { bytes: 100 * 1024 * 1024, share: 0.3 };

interface BloatRow extends Statistics, Record<string, unknown> {
  oid: number;
  schema: string;
  name: string;
  table?: string;
}

/** Estimates of what tables and B-tree indexes of 10 MB and more would not need. It waits for no lock. */
export async function readBloat(
  pool: ServerPool,
  now: () => number,
): Promise<BloatReport & { database: string }> {
  const [place] = await pool.query<{ page: number; database: string }>(pageSizeSql);
  const { page = 8192, database = '' } = place ?? {};
  const pages = Math.ceil(from / page);
  const tables = await pool.query<BloatRow>(tablesSql, [pages]);
  const indexes = await pool.query<BloatRow>(indexesSql, [pages]);
  const estimate = (kind: 'table' | 'index', row: BloatRow) => {
    const waste = (kind === 'table' ? tableWaste : indexWaste)(row, page);
    return {
      oid: row.oid,
      kind,
      schema: row.schema,
      name: row.name,
      table: row.table ?? null,
      bytes: String(row.pages * page),
      wasted: waste === undefined ? null : String(waste),
    };
  };
  const relations = [
    ...tables.map((row) => estimate('table', row)),
    ...indexes.map((row) => estimate('index', row)),
  ];
  const unknown = relations.filter(({ wasted }) => wasted === null).length;
  return { at: now(), from, relations, database, limits: unknown > 0 ? [unknownWords(unknown)] : [] };
}

function unknownWords(unknown: number): Explanation {
  return {
    cause: 'bloat-unknown',
    what: `Bloat of ${plural(unknown, 'relation')} is not known.`,
    why: 'The estimate needs statistics of every column, and the server shows them only to who may SELECT from the table; or it was never analysed.',
    next: 'Have SELECT granted (pg_read_all_data from 14 on), and run ANALYZE. An exact measurement needs neither.',
  };
}

/** Those estimates that are large enough to be true whatever the error. */
export function bloatAdvice({
  relations,
  database,
}: Pick<BloatReport, 'relations'> & { database: string }): Advice[] {
  return relations.flatMap(({ kind, schema, name, bytes, wasted }): Advice[] => {
    if (wasted === null) return [];
    const share = Number(wasted) / Number(bytes);
    if (Number(wasted) < worthSaying.bytes || share < worthSaying.share) return [];
    const object = `${schema}.${name}`;
    const sql = `${quoted(schema)}.${quoted(name)}`;
    return [
      {
        id: `bloat-${kind} ${object}`,
        kind: `bloat-${kind}`,
        room: 'storage',
        severity: Number(wasted) >= 10 * worthSaying.bytes && share >= 0.5 ? 'warning' : 'notice',
        title: `${object} is about ${Math.round(share * 100)} % empty`,
        object,
        database,
        evidence: [
          `Of ${bytesWords(Number(bytes))}, about ${bytesWords(Number(wasted))} would not be needed by its ${kind === 'table' ? 'rows' : 'entries'}.`,
          'This is an estimate from the planner’s statistics; pgstattuple measures it exactly.',
        ],
        harm: 'Scans read the empty pages too, and the cache holds them.',
        remedy:
          kind === 'index'
            ? 'Rebuild it concurrently.'
            : 'Vacuum fills it again with new rows; to give the space back the table has to be rewritten: pg_repack does that without a long lock, VACUUM FULL locks it for as long as it takes.',
        statement: kind === 'index' ? `REINDEX INDEX CONCURRENTLY ${sql};` : null,
        bytes: wasted,
        estimated: true,
        source: 'PostgreSQL manual, Routine Vacuuming and Routine Reindexing',
      },
    ];
  });
}
