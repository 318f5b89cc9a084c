import type { Replication } from '../../../preload/contract/server-replication.ts';
import { fillTemplate, type KnownColumns, type ServerPool } from '../../servers/index.ts';
import { behind } from './behind.ts';
import conflictsSql from './conflicts.sql?raw';
import receiverSql from './receiver.sql?raw';
import standbySql from './standby.sql?raw';

interface StandbyRow extends Record<string, unknown> {
  to_replay: string | null;
  replayed_at: number | null;
  paused: boolean | null;
}

interface ReceiverRow extends Record<string, unknown> {
  state: string | null;
  host: string | null;
  port: number | null;
  slot: string | null;
  last_message_at: number | null;
}

interface ConflictRow extends Record<string, unknown> {
  database: string;
  tablespace: string;
  lock: string;
  snapshot: string;
  buffer_pin: string;
  deadlock: string;
  slot: string | null;
}

/** What a standby receives and replays, and whom that has hit. */
export async function readStandby(
  pool: ServerPool,
  known: KnownColumns,
): Promise<NonNullable<Replication['standby']>> {
  const [standby] = await pool.query<StandbyRow>(standbySql);
  const [receiver] = await pool.query<ReceiverRow>(receiverSql);
  const conflicts = await pool.query<ConflictRow>(fillTemplate(conflictsSql, known));
  const toReplay = behind(standby?.to_replay ?? null);
  return {
    receiver: receiver
      ? {
          state: receiver.state,
          from: receiver.host === null ? null : `${receiver.host}:${receiver.port}`,
          slot: receiver.slot,
          toReplay,
          lastMessageAt: receiver.last_message_at,
        }
      : null,
    toReplay,
    replayedAt: standby?.replayed_at ?? null,
    paused: standby?.paused ?? null,
    conflicts: conflicts.map(({ buffer_pin: bufferPin, ...row }) => ({ ...row, bufferPin })),
  };
}
