import type { Age, RetentionTarget } from '../../../preload/contract/maintenance-retention.ts';
import type { ServerPool } from '../../servers/index.ts';
import cutoffSql from './cutoff.sql?raw';

/** What is older goes. */
export interface Cutoff {
  /** ms since 1970. */
  at: number;
  /** As a value of the column's type; undefined for a type that holds no time. */
  value: string | undefined;
}

const perSecond = { s: 1, ms: 1000, us: 1_000_000 } as const;

export const isTimeType = (type: string): boolean => /^(date|timestamp with(out)? time zone)$/.test(type);
export const isWholeType = (type: string): boolean => /^(smallint|integer|bigint|numeric)$/.test(type);

type Epoch = Extract<RetentionTarget, { kind: 'delete' }>['epoch'];

/** By the server's clock and its session's time zone. @throws what the server answers */
export async function readCutoff(pool: ServerPool, keep: Age, type: string, epoch: Epoch): Promise<Cutoff> {
  const of = (unit: Age['unit']): number => (keep.unit === unit ? keep.count : 0);
  const [row] = await pool.query<Record<string, string | number>>(cutoffSql, [
    of('hours'),
    of('days'),
    of('weeks'),
    of('months'),
  ]);
  const at = Number(row?.at);
  if (isTimeType(type)) return { at, value: String(row?.[type]) };
  if (!isWholeType(type) || epoch === null) return { at, value: undefined };
  return { at, value: String(Math.floor((at / 1000) * perSecond[epoch])) };
}

/** A whole number of a key as ms since 1970. */
export const epochMs = (value: string, epoch: NonNullable<Epoch>): number =>
  (Number(value) / perSecond[epoch]) * 1000;
