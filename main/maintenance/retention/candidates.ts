import type { RetentionCandidate } from '../../../preload/contract/maintenance-retention.ts';
import type { ServerPool } from '../../servers/index.ts';
import candidatesSql from './candidates.sql?raw';
import functionsSql from './functions.sql?raw';

interface CandidateRow extends Record<string, unknown> {
  schema: string;
  table: string;
  columns: { name: string; type: string; indexed: boolean; key: boolean | null }[];
  rows: number | null;
  bytes: number;
  partitions: number;
}

export const readFunctions = (pool: ServerPool): Promise<{ schema: string; name: string }[]> =>
  pool.query<{ schema: string; name: string }>(functionsSql);

/** Tables that rows could be let go of, largest first. @throws what the server answers */
export async function readCandidates(pool: ServerPool): Promise<RetentionCandidate[]> {
  const rows = await pool.query<CandidateRow>(candidatesSql);
  const functions = await readFunctions(pool);
  return rows.map(({ columns, ...row }) => {
    const isPartitioned = columns.some(({ key }) => key === true);
    const rank = ({ key, indexed }: CandidateRow['columns'][number]): number =>
      key === true ? 0 : indexed ? 1 : 2;
    return {
      ...row,
      kind: isPartitioned ? 'partitions' : 'delete',
      columns: columns
        .toSorted((one, other) => rank(one) - rank(other))
        .map(({ name, type, indexed }) => ({ name, type, indexed })),
      functions: isPartitioned ? functions : [],
    };
  });
}
