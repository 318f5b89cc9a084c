import type { Advice } from '../../preload/contract/advice.ts';
import type { Replication, Sender, Slot } from '../../preload/contract/server-replication.ts';
import { finding } from './finding.ts';
import { inWords } from './settings/units.ts';

const GB = 1024 ** 3;
/** From how much WAL on a slot, and a receiver that is behind, is told; ms for its delay. */
const muchKept = 10 * GB;
const farBehind = GB;
const longBehind = 5 * 60_000;

const size = (bytes: number): string =>
  bytes >= GB ? `${(bytes / GB).toFixed(1)} GB` : inWords(String(Math.round(bytes / 1024 / 1024)), 'MB');

/** What is wrong with receivers, slots and archiving. */
export function replicationAdvice({ senders, slots, slotLimit, archiver, standby }: Replication): Advice[] {
  const limit = slotLimit === null ? null : Number(slotLimit);
  return [
    ...slots.flatMap((slot) => slotAdvice(slot, limit) ?? []),
    ...senders.flatMap((sender) => lagAdvice(sender) ?? []),
    ...archiverAdvice(archiver),
    ...(standby?.paused
      ? [
          finding({
            kind: 'replay-paused',
            severity: 'warning',
            title: 'Replay on this standby is paused',
            evidence: ['pg_is_wal_replay_paused() is true.'],
            harm: 'It falls ever further behind, and WAL piles up.',
            remedy: 'Resume it when whatever it was paused for is done.',
            statement: 'SELECT pg_wal_replay_resume()',
            source: 'PostgreSQL manual, 9.28.4 “Recovery Control Functions”',
          }),
        ]
      : []),
  ];
}

function slotAdvice(slot: Slot, limit: number | null): Advice | undefined {
  const { name, walStatus, active, invalid } = slot;
  const kept = Number(slot.kept ?? 0);
  const drop = `SELECT pg_drop_replication_slot('${name.replaceAll("'", "''")}')`;
  const evidence = [
    `It is ${active ? 'in use' : 'not in use'}${slot.inactiveSince === null ? '' : ` since ${new Date(slot.inactiveSince).toISOString()}`} and keeps ${size(kept)} of WAL${limit === null ? '; max_slot_wal_keep_size sets no limit' : ` of ${size(limit)} allowed`}.`,
    ...(walStatus ? [`wal_status is ${walStatus}.`] : []),
    ...(invalid ? [`It was made invalid: ${invalid}.`] : []),
  ];
  const about = {
    object: name,
    evidence,
    bytes: slot.kept,
    source: 'PostgreSQL manual, “pg_replication_slots”',
  };
  if (walStatus === 'lost' || invalid)
    return finding({
      ...about,
      kind: 'slot-lost',
      severity: 'bad',
      title: `Replication slot ${name} is lost`,
      harm: 'The WAL that its consumer needs is gone: it can’t go on and must be made anew.',
      remedy: 'Make the standby or subscription anew, and drop the slot.',
      statement: drop,
    });
  if (walStatus === 'unreserved')
    return finding({
      ...about,
      kind: 'slot-unreserved',
      severity: 'bad',
      title: `Replication slot ${name} will be lost at the next checkpoint`,
      harm: 'Once the WAL that it needs is removed, its consumer must be made anew.',
      remedy: 'Get its consumer going at once, or raise max_slot_wal_keep_size.',
    });
  if (kept <= muchKept && !(limit !== null && limit > 0 && kept > limit / 2)) return undefined;
  return finding({
    ...about,
    kind: 'slot-retains',
    severity: 'warning',
    title: `Replication slot ${name} keeps ${size(kept)} of WAL`,
    harm:
      limit === null
        ? 'The disk under pg_wal fills up, and then the server stops.'
        : 'When the limit is reached the slot is lost.',
    remedy: active
      ? 'Find out why its consumer is behind.'
      : 'Get its consumer going, or drop the slot if nobody needs it.',
    statement: active ? null : drop,
  });
}

function lagAdvice({ application, pid, state, replayLag, replayMs }: Sender): Advice | undefined {
  const bytes = Number(replayLag ?? 0);
  if (state === 'backup' || !(bytes > farBehind || ((replayMs ?? 0) > longBehind && bytes > 0)))
    return undefined;
  const name = application || String(pid);
  return finding({
    kind: 'replication-lag',
    severity: 'warning',
    title: `Receiver ${name} is ${size(bytes)} behind`,
    object: name,
    evidence: [
      `${size(bytes)} are not replayed there yet${replayMs === null ? '' : `; its replay lag is ${Math.round(replayMs / 1000)} s`}; state ${state}.`,
    ],
    harm: 'Reads there are stale, and a failover would lose or wait for that much.',
    remedy: 'Look at its disk and network, and for long queries that hold up replay there.',
    bytes: replayLag,
    source: 'PostgreSQL manual, “pg_stat_replication”',
  });
}

function archiverAdvice(archiver: Replication['archiver']): Advice[] {
  const { failing, failed, lastFailed, lastFailedAt, lastArchivedAt } = archiver;
  if (!failing) return [];
  return [
    finding({
      kind: 'archiver-failing',
      severity: 'bad',
      title: 'Archiving of WAL fails',
      evidence: [
        `${failed} attempts failed; the last was ${lastFailed} at ${lastFailedAt === null ? 'an unknown time' : new Date(lastFailedAt).toISOString()}.`,
        lastArchivedAt === null
          ? 'Nothing has been archived.'
          : `The last success was at ${new Date(lastArchivedAt).toISOString()}.`,
      ],
      harm: 'Restoring to a point in time ends where archiving did, and WAL piles up until the disk is full.',
      remedy: 'Look into the server’s log for what archive_command says, and mend the cause.',
      source: 'PostgreSQL manual, 26.3.1 “Setting Up WAL Archiving”',
    }),
  ];
}
