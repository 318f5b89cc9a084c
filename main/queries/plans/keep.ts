import { deflateSync, inflateSync } from 'node:zlib';
import { Plan } from '../../../preload/contract/plan-model.ts';
import { type KeptPlan, type PlanAnswer, PlanOrigin } from '../../../preload/contract/plans.ts';
import type { Store } from '../../store/index.ts';

/** Plans that were looked at lately, so that before and after can be compared. */
export interface KeptPlans {
  /** Keeps one; the oldest beyond twenty of its environment goes. Null when it is too large to keep. */
  add(environment: string, answer: Omit<PlanAnswer, 'id'>): number | null;
  list(environment: string): KeptPlan[];
  one(environment: string, id: number): PlanAnswer | undefined;
  drop(environment: string, ids: readonly number[]): void;
}

const most = 20;
/** Characters of a plan's JSON, above which it is not kept. */
const largest = 2_000_000;

interface Row {
  id: number;
  at: number;
  origin: string;
  text: string | null;
  analyzed: number;
  execution_ms: number | null;
  total_cost: number | null;
}

export function openKeptPlans({ db }: Store): KeptPlans {
  const ofEnvironment = '(SELECT key FROM environment WHERE id = ?)';
  const environmentKey = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const insert = db.prepare(
    `INSERT INTO plan_kept (environment, at, origin, text, analyzed, execution_ms, total_cost, plan, json)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const trim = db.prepare(
    `DELETE FROM plan_kept WHERE environment = ?1 AND id NOT IN
       (SELECT id FROM plan_kept WHERE environment = ?1 ORDER BY id DESC LIMIT ?2)`,
  );
  const columns = 'id, at, origin, text, analyzed, execution_ms, total_cost';
  const list = db.prepare(
    `SELECT ${columns} FROM plan_kept WHERE environment = ${ofEnvironment} ORDER BY id DESC`,
  );
  const one = db.prepare(
    `SELECT ${columns}, plan, json FROM plan_kept WHERE environment = ${ofEnvironment} AND id = ?`,
  );
  const drop = db.prepare(`DELETE FROM plan_kept WHERE environment = ${ofEnvironment} AND id = ?`);

  return {
    add: (environment, { at, origin, text, plan, json }) => {
      const packed = JSON.stringify(plan);
      if (json.length > largest || packed.length > largest * 2) return null;
      const { key } = environmentKey.get(environment) as { key: number };
      const { lastInsertRowid } = insert.run(
        key,
        at,
        JSON.stringify(origin),
        text,
        plan.analyzed ? 1 : 0,
        plan.analyzed ? plan.executionMs : null,
        plan.totalCost,
        deflateSync(packed),
        deflateSync(json),
      );
      trim.run(key, most);
      return Number(lastInsertRowid);
    },
    list: (environment) =>
      (list.all(environment) as unknown as Row[]).map((row) => ({
        ...headOf(row),
        analyzed: row.analyzed === 1,
        executionMs: row.execution_ms,
        totalCost: row.total_cost,
      })),
    one: (environment, id) => {
      const row = one.get(environment, id) as (Row & { plan: Uint8Array; json: Uint8Array }) | undefined;
      if (!row) return undefined;
      return {
        ...headOf(row),
        plan: Plan.parse(JSON.parse(inflateSync(row.plan).toString())),
        json: inflateSync(row.json).toString(),
      };
    },
    drop: (environment, ids) => {
      for (const id of ids) drop.run(environment, id);
    },
  };
}

const headOf = ({ id, at, origin, text }: Row) => ({
  id,
  at,
  origin: PlanOrigin.parse(JSON.parse(origin)),
  text,
});
