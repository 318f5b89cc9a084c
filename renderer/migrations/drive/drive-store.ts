import type { CommandOutput } from '../../../preload/contract/migration-runs.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { client } from '../../lib/client.ts';
import { workBegun } from '../run/work.ts';
import { workKeys } from '../run/work-keys.ts';
import { useWork, WorkStore } from '../run/work-store.ts';
import { afterOutput, type Drive, driveDetail } from './drive-job.ts';
import { nothingPrinted } from './printed.ts';

const drives = new WorkStore<Drive>();

/** The command of a track that is under way, or the last one until somebody puts it away. */
export const useDrive = (environment: string, track: MigrationTrack): Drive | undefined =>
  useWork(drives, ...workKeys(environment, track));

interface StartOptions {
  environment: string;
  track: MigrationTrack;
  /** What is in sight; its line is run as it stands. */
  command: Drive['command'];
  confirm: string | undefined;
}

/**
 * Runs a tool's own command in its project's folder. Resolves once the console has taken it.
 * @throws what the console refuses it for
 */
export async function startDrive({ environment, track, command, confirm }: StartOptions): Promise<void> {
  const { action, command: line } = command;
  const [key, ...others] = workKeys(environment, track);
  const input = {
    environment,
    track: track.key,
    action,
    command: line,
    ...(confirm === undefined ? {} : { confirm }),
  };
  await drives.start<CommandOutput>({
    others,
    environment,
    shown: { kind: 'drive', key },
    first: { ...workBegun(key), command, printed: nothingPrinted, ended: undefined },
    open: (signal) => client.migrations.drive(input, { signal }),
    after: afterOutput,
    job: (drive) => ({ title: track.title, done: 0, total: 0, ...driveDetail(drive) }),
  });
}

/** Ends the command with everything that it started. */
export const cancelDrive = ({ key }: Pick<Drive, 'key'>): void => drives.stop(key);

export const putDriveAway = ({ key }: Pick<Drive, 'key'>): void => drives.putAway(key);
