import { escapeIdentifier } from 'pg';
import type { ActivitySample } from '../../preload/contract/activity.ts';
import type { Advised } from '../../preload/contract/advice.ts';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { limits } from '../sampler/index.ts';
import type { ServerPool } from '../servers/index.ts';
import {
  cacheAdvice,
  connectionAdvice,
  deadlockAdvice,
  longTransaction,
  type OpenTransaction,
  rollbackAdvice,
  transactionAdvice,
} from './findings.ts';
import openTransactionsSql from './open-transactions.sql?raw';
import trafficSql from './traffic.sql?raw';
import { type MetricPoints, type TrafficRow, trafficOfCounters, trafficOfHistory } from './traffic.ts';

export interface ActivityAdviceNeeds {
  current(id: string): Promise<ActivitySample>;
  pool(id: string): ServerPool;
  /** Metrics of an environment between two times. */
  points(id: string, from: number, to: number): MetricPoints;
  now(): number;
}

const hour = 3_600_000;

/** Looks at sessions, transactions, deadlocks, rollbacks and the cache. */
export function activityAdvice(needs: ActivityAdviceNeeds) {
  return async ({ id, connection }: Environment): Promise<Advised> => {
    const pool = needs.pool(id);
    const now = needs.now();
    const sample = await needs.current(id);
    const transactions = await pool.query<OpenTransaction>(openTransactionsSql, [
      longTransaction,
      limits.idleInTransaction.warning,
    ]);
    const [counters] = await pool.query<TrafficRow & { database: string }>(trafficSql);
    const byCounters = counters && trafficOfCounters(counters);
    const traffic =
      trafficOfHistory(needs.points(id, now - hour, now), now, 'in the last hour') ?? byCounters;
    const day = trafficOfHistory(needs.points(id, now - 24 * hour, now), now, 'in the last 24 hours');
    const deadlocks = day ?? byCounters;
    const database = counters?.database ?? '';
    return {
      advice: [
        ...connectionAdvice(sample),
        ...transactionAdvice(transactions),
        ...(traffic ? [...cacheAdvice(traffic, database), ...rollbackAdvice(traffic, database)] : []),
        ...(deadlocks ? deadlockAdvice(deadlocks, database) : []),
      ],
      limits: hiddenSessions(sample, connection.user),
    };
  };
}

/** Of other roles' sessions neither state nor age is known without pg_read_all_stats. */
function hiddenSessions({ hidden }: ActivitySample, user: string): Explanation[] {
  if (hidden === 0) return [];
  return [
    {
      cause: 'limited-visibility',
      what: `What ${hidden === 1 ? '1 session does' : `${hidden} sessions do`} is hidden from this role.`,
      why: 'Whether they are idle in a transaction, and for how long, is shown to members of pg_read_all_stats only.',
      next: 'Grant this role pg_monitor and look again.',
      command: `GRANT pg_monitor TO ${escapeIdentifier(user)};`,
    },
  ];
}
