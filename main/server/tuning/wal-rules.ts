import { GB, MB, type Rule, roundSize, size } from './rule.ts';

const walChapter = 'PostgreSQL manual, 20.5.1 “WAL Settings”';
const checkpointChapter = 'PostgreSQL manual, 20.5.2 “Checkpoints”';

const walBuffers: Rule = ({ number }) => {
  const now = number('wal_buffers');
  const buffers = number('shared_buffers');
  if (now === null || buffers === null) return undefined;
  const recommended = Math.min(16 * MB, Math.max(64 * 1024, Math.floor(buffers / 32 / 8192) * 8192));
  return {
    name: 'wal_buffers',
    group: 'WAL',
    source: walChapter,
    recommended,
    // −1 lets the server choose, which it does well.
    isFine: now < 0 || now >= recommended * 0.95,
    reason:
      'A thirty-second of shared buffers and at most one segment (16 MB), which −1 chooses by itself; less makes sessions wait when many commit at once.',
  };
};

const completionTarget: Rule = ({ number }) => {
  const now = number('checkpoint_completion_target');
  if (now === null) return undefined;
  return {
    name: 'checkpoint_completion_target',
    group: 'WAL',
    source: checkpointChapter,
    recommended: '0.9',
    isFine: now >= 0.8,
    reason:
      'Checkpoints are spread over nine tenths of the time between them, so that writing disturbs little. The default since 14.',
  };
};

/** Enough for all WAL between two timed checkpoints, and again for the ones under way. */
const maxWalSize: Rule = ({ machine, load, number }) => {
  const about = { name: 'max_wal_size', group: 'WAL', source: checkpointChapter } as const;
  const now = number('max_wal_size');
  const timeout = number('checkpoint_timeout');
  if (now === null || timeout === null) return undefined;
  const byWorkload = { web: 4, oltp: 8, analytics: 16, mixed: 4, desktop: 2 };
  const workload = machine.workload?.value;
  const measured = load.walPerSecond === null ? null : load.walPerSecond * (timeout / 1000) * 2;
  if (workload === undefined && measured === null)
    return {
      ...about,
      recommended: null,
      isFine: false,
      reason:
        'How much WAL there is has not been measured yet, and what the server is used for is not known: say it above, or wait an hour.',
    };
  const wanted = Math.max(GB, measured ?? 0, workload === undefined ? 0 : byWorkload[workload] * GB);
  const recommended = roundSize(Math.min(64 * GB, wanted));
  const tooOften = (load.requestedShare ?? 0) > 0.5;
  return {
    ...about,
    recommended: tooOften ? Math.max(recommended, roundSize(now * 2)) : recommended,
    isFine:
      !tooOften && (now >= recommended * 0.5 || (load.requestedShare !== null && load.requestedShare < 0.1)),
    reason: tooOften
      ? `${Math.round((load.requestedShare ?? 0) * 100)} % of the last day’s checkpoints came before their time because this was full; each makes full pages go into the WAL again.`
      : `${measured === null ? '' : `At its busiest the server wrote ${size(Math.max(MB, measured / 2))} of WAL within checkpoint_timeout. `}Checkpoints shall come by the clock, not because this is full; the disk under pg_wal needs that much room and more.`,
  };
};

const minWalSize: Rule = ({ number }) => {
  const now = number('min_wal_size');
  const most = number('max_wal_size');
  if (now === null || most === null) return undefined;
  const recommended = roundSize(Math.min(4 * GB, Math.max(80 * MB, most / 4)));
  return {
    name: 'min_wal_size',
    group: 'WAL',
    source: checkpointChapter,
    recommended,
    isFine: now >= recommended * 0.25,
    reason:
      'So much WAL is kept to be written over instead of being removed and made anew; about a quarter of max_wal_size rides out bursts.',
  };
};

/** Settings that nobody should have otherwise where data matter. */
const safety =
  (name: string, reason: string): Rule =>
  ({ text }) => {
    const now = text(name);
    if (now === null) return undefined;
    return { name, group: 'Safety', source: walChapter, recommended: 'on', isFine: now === 'on', reason };
  };

export const walRules: readonly Rule[] = [
  walBuffers,
  completionTarget,
  maxWalSize,
  minWalSize,
  safety('fsync', 'Without it a crash of the machine may destroy the whole cluster beyond repair.'),
  safety(
    'full_page_writes',
    'Without it a page half written when the machine stops stays damaged, unless the file system rules that out.',
  ),
];
