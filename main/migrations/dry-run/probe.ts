import { randomBytes } from 'node:crypto';
import type { CommandOutput, DryRunProgress } from '../../../preload/contract/migration-runs.ts';
import type { MigrationToolId } from '../../../preload/contract/migrations.ts';
import { sleep } from '../../lib/sleep.ts';
import type { TrackCommand } from '../drive/track-commands.ts';
import { refuse } from '../run/refusal.ts';
import type { StateQuery } from '../tool.ts';
import { goSameWay, type Written } from './same-way.ts';
import sessionsThereSql from './sessions-there.sql?raw';

/**
 * Tools whose drivers heed PGOPTIONS whatever else they are told: their sessions can be made read-only by it, wherever
 * they go (libpq, npm's pg, lib/pq, sqlx: each driver's documentation of its environment variables).
 */
const heedsOptions = new Set<MigrationToolId>([
  'alembic',
  'django',
  'rails',
  'diesel',
  'sqitch',
  'laravel',
  'knex',
  'node-pg-migrate',
  'typeorm',
  'sequelize',
  'sqlx',
  'atlas',
]);

/** For whoever heeds it, the server refuses to write; a session must not wait for locks either. */
export const readOnlyOptions = '-c default_transaction_read_only=on -c lock_timeout=4000';

/**
 * The command that shows where the tool goes without changing anything.
 *
 * @throws {Refusal} where there is none, or it says nothing of where the other command goes
 */
export function probeFor(
  tool: { id: MigrationToolId; title: string },
  commands: readonly TrackCommand[],
  asked: Written & { action: string },
): TrackCommand {
  const probe = ['status', 'check']
    .map((action) => commands.find((one) => one.action === action))
    .find(
      (one) =>
        one !== undefined &&
        asks(tool.id, one.action) &&
        (one.risk === 'read' || heedsOptions.has(tool.id)) &&
        one.own !== null,
    );
  if (!probe)
    refuse({
      cause: 'no-probe',
      what: `${tool.title} can’t be tried on a copy.`,
      why: 'It has no command that only reads, by which it could be seen beforehand that the project’s configuration follows the address it is given. One that names another server would migrate that one.',
      next: 'Make a copy yourself, point the configuration at it, and run the tool there.',
    });
  if (!goSameWay(asked, probe))
    refuse({
      cause: 'command-differs',
      what: 'This command can’t be tried on a copy.',
      why: `It was changed by hand, and "${probe.command}" was not changed in the same way: where one goes does not show where the other goes.`,
      next: 'Give both commands the same options, or take the tool’s own.',
    });
  return probe;
}

/** Commands that go to the database at all. */
const asks = (tool: MigrationToolId, action: string): boolean =>
  action === 'status' || tool === 'node-pg-migrate';

/** Name of a dry run's sessions, by which they are known on any server. */
export const newSessionName = (): string => `howdah dry run ${randomBytes(6).toString('hex')}`;

/** Pause between two looks at the environment, ms. */
const everyMs = 250;

/**
 * Looks, as long as a tool works, whether sessions of its name come up on the environment. One that is shorter than
 * the pause may be missed: that nothing goes there can't be proved.
 *
 * @param query on the environment's server
 */
export function watchEnvironment(
  query: StateQuery,
  name: string,
  onSeen: () => void,
): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      const seen = await query<{ seen: boolean }>(sessionsThereSql, [name]).catch(() => []);
      if (seen[0]?.seen) {
        onSeen();
        return;
      }
      await sleep(everyMs, stopped.signal);
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await watching.catch(() => undefined);
    },
  };
}

/** Collects what a command says last, and passes all on. */
export function listen(tell: (progress: DryRunProgress) => void): {
  take(output: CommandOutput): void;
  /** What it said last, most of it what is said of errors. */
  words(): string;
  code(): number | null;
} {
  const lines: { stream: 'out' | 'err'; text: string }[] = [];
  let code: number | null = null;
  return {
    take: (output) => {
      if (output.kind === 'ended') code = output.code;
      else if (output.text.trim() !== '') {
        lines.push(output);
        if (lines.length > 200) lines.splice(0, 100);
      }
      tell({ kind: 'output', output });
    },
    words: () => {
      const errors = lines.filter(({ stream }) => stream === 'err');
      return (errors.length ? errors : lines)
        .slice(-3)
        .map(({ text }) => text.trim())
        .join(' ')
        .slice(0, 600);
    },
    code: () => code,
  };
}
