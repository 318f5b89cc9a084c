import { fail } from '../../lib/fail.ts';
import type { TrackInside } from '../status.ts';
import { type KnownCommand, knownCommands } from './known-commands.ts';
import { surroundingsOf } from './surroundings.ts';

/** A command that can be run now; `own` is the tool's, where `command` is what somebody has made of it. */
export interface TrackCommand extends KnownCommand {
  command: string;
  own: string | null;
}

/**
 * What a track's tool can be asked for, as its project and its state stand; empty where it is not driven or has no
 * folder.
 *
 * @param changed commands that somebody has changed, by action
 */
export async function trackCommands(
  { track, pair, project }: TrackInside,
  changed: ReadonlyMap<string, string>,
): Promise<TrackCommand[]> {
  if (track.runner !== 'driven' || !pair.place || !project?.view) return [];
  const { location } = pair.place;
  const surroundings = await surroundingsOf(project.view, location);
  return knownCommands({ track, location, surroundings }).flatMap(({ command: own, ...about }) => {
    const command = changed.get(about.action) ?? own;
    return command === null ? [] : [{ ...about, command, own }];
  });
}

export const notDriven = (title: string): Error =>
  fail('INVALID', {
    cause: 'not-driven',
    field: 'track',
    what: `${title} is not run by its own command here.`,
    why: 'Howdah runs its files itself, as the tool would.',
    next: 'Apply or revert instead.',
  });

export const noProject = (title: string): Error =>
  fail('INVALID', {
    cause: 'no-project',
    field: 'track',
    what: `There is no folder to run ${title} in.`,
    why: 'No project that this table belongs to is linked to the environment.',
    next: 'Link the project’s folder.',
  });

export const noCommand = (action: string): Error =>
  fail('INVALID', {
    cause: 'command-empty',
    field: 'command',
    what: `The command of "${action}" is empty.`,
    why: 'Only what was seen is run, and nothing was.',
    next: 'Give a command, or take the tool’s own.',
  });

export const unknownAction = (action: string, title: string): Error =>
  fail('INVALID', {
    cause: 'action-unknown',
    field: 'action',
    what: `There is no command "${action}" for ${title} here.`,
    why: 'Commands are kept for what can be asked of the tool at present.',
    next: 'Take one of those that are listed.',
  });
