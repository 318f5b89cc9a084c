import type { Environment } from '../../../preload/contract/environments.ts';
import type { CommandOutput, DrivenCommand } from '../../../preload/contract/migration-runs.ts';
import { fail } from '../../lib/fail.ts';
import { masked } from '../../lib/mask.ts';
import type { Implementer } from '../../rpc.ts';
import type { Store } from '../../store/index.ts';
import { checkedFolder, type Looks } from '../look.ts';
import type { TrackInside } from '../status.ts';
import { type DriveOptions, drive } from './drive.ts';
import { openKeptCommands } from './kept-commands.ts';
import { noCommand, noProject, notDriven, trackCommands, unknownAction } from './track-commands.ts';
import { environmentFor, formsOfSecret, passwordFor, type Reached, variablesFor } from './variables.ts';

export interface DriveNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  looks: Looks;
  store: Store;
  /** Where the environment's sessions go. @throws NOT_CONNECTED */
  reached(id: string): Reached;
  onEvent(id: string, kind: string, text: string): void;
}

interface OnTrack {
  environment: string;
  track: string;
  folders: string[];
}

/** Tools that are driven by their own commands: `commands`, `setCommand`, `drive`. */
export function driveProcedures(os: Implementer, needs: DriveNeeds) {
  const { findEnvironment, looks, reached, onEvent } = needs;
  const kept = openKeptCommands(needs.store);

  const trackOf = async ({ environment, track, folders }: OnTrack): Promise<TrackInside> =>
    await looks.track(findEnvironment(environment), track, folders.map(checkedFolder));

  const commandsOf = async (input: OnTrack): Promise<DrivenCommand[]> => {
    const { id } = findEnvironment(input.environment);
    const inside = await trackOf(input);
    if (inside.track.runner !== 'driven') return [];
    const variables = Object.keys(variablesFor(inside.track.tool, reached(id)));
    const listed = await trackCommands(inside, kept.of(id, inside.track.key));
    return listed.map(({ own, ...about }) => ({ ...about, changed: about.command !== own, variables }));
  };

  return {
    commands: os.migrations.commands.handler(({ input }) => commandsOf(input)),
    setCommand: os.migrations.setCommand.handler(async ({ input }) => {
      const { action } = input;
      const { track } = await trackOf(input);
      const { id } = findEnvironment(input.environment);
      const known = (await commandsOf(input)).some((one) => one.action === action);
      if (!known && input.command !== null) throw unknownAction(action, track.title);
      const command = input.command?.trim();
      kept.set(id, track.key, action, command ? command : null);
      return await commandsOf(input);
    }),
    drive: os.migrations.drive.handler(async function* ({ input, signal }) {
      const environment = findEnvironment(input.environment);
      const { track, project } = await trackOf(input);
      if (track.runner !== 'driven') throw notDriven(track.title);
      if (!project?.view) throw noProject(track.title);
      if (input.command.trim() === '') throw noCommand(input.action);
      const where = reached(environment.id);
      refuseIndirect(where);
      const password = passwordFor(where);
      yield* noted(
        {
          command: input.command,
          folder: project.root,
          environment: environmentFor(variablesFor(track.tool, where)),
          secrets: password ? formsOfSecret(password) : [],
          signal,
        },
        (how) =>
          onEvent(environment.id, 'migration-command', `${track.title}: ${masked(input.command)} ${how}.`),
      );
    }),
  };
}

/** Tells in the end what came of it, however it ended. */
async function* noted(
  options: DriveOptions,
  onEnd: (how: string) => void,
): AsyncGenerator<CommandOutput, void, void> {
  let how = 'was cancelled';
  try {
    for await (const output of drive(options)) {
      if (output.kind === 'ended')
        how = output.code === null ? `was ended by ${output.signal}` : `ended with code ${output.code}`;
      yield output;
    }
  } catch (error) {
    if (!options.signal?.aborted) how = 'could not be started';
    throw error;
  } finally {
    onEnd(how);
  }
}

/** @throws INVALID where a program on this machine can't go the way that Howdah goes */
function refuseIndirect({ address, way }: Reached): void {
  if (address.dial)
    throw fail('INVALID', {
      cause: 'behind-tunnel',
      field: 'environment',
      what: 'The tool’s own command can’t be run through this environment’s SSH tunnel.',
      why: 'Howdah’s tunnel opens no port on this machine, so that no other program can use it, the tool among them.',
      next: 'Open a port by ssh -L yourself and add an environment for it, or run the tool on a machine that reaches the server.',
    });
  if (way.pooled)
    throw fail('INVALID', {
      cause: 'behind-pooler',
      field: 'environment',
      what: 'Migrations are not run through a pooler.',
      why: 'It shares its sessions among clients by the transaction: locks and settings of a run would leak to others.',
      next: 'Give the environment the server’s own address and port, then run them.',
    });
}
