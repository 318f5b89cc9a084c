import type { AgeLimits, DatabaseAge } from '../../../preload/contract/maintenance.ts';
import type { AutovacuumSettings } from './thresholds.ts';

/**
 * Where a server gives out no more transactions, or multixacts: three million before half of the 2^32 that there are
 * (SetTransactionIdLimit; one million before 14, which changes nothing at this scale).
 */
const stop = 2_147_483_647 - 3_000_000;

export const ageLimits = (settings: AutovacuumSettings): { xid: AgeLimits; multixact: AgeLimits } => ({
  xid: { forced: settings.freezeMaxAge, failsafe: settings.failsafeAge, stop },
  multixact: {
    forced: settings.multixactFreezeMaxAge,
    failsafe: settings.multixactFailsafeAge,
    stop,
  },
});

/** The oldest first. */
export const databaseAges = (rows: readonly Omit<DatabaseAge, 'share'>[]): DatabaseAge[] =>
  rows
    .map((row) => ({ ...row, share: Math.max(row.xidAge, row.multixactAge) / stop }))
    .sort((one, other) => other.share - one.share);
