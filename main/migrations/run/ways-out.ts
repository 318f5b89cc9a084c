import type { WayOut } from '../../../preload/contract/migration-runs.ts';
import type { GolangMigrateState } from '../tools/golang-migrate.ts';
import { happened } from '../tools/shared/entries.ts';
import { readBoth } from './plan.ts';
import type { ReadyStep } from './ready-step.ts';
import type { RunNeeds } from './session.ts';
import invalidIndexesSql from './sql/invalid-indexes.sql?raw';
import type { RunTarget, StatePlace } from './state-place.ts';

export interface LeftFacts {
  needs: RunNeeds;
  target: RunTarget;
  place: StatePlace;
  step: ReadyStep;
  /** Whether it was the file, or the tool's own table. */
  piece: 'state' | 'body';
  /** The connection was lost: what the server did last is not known from its answer. */
  lost: boolean;
}

/** What a failed step left, and what can be done about it, in the order in which it is to be done. */
export interface Left {
  said: string;
  waysOut: WayOut[];
}

export const way = (said: string, act: WayOut['act'] = null): WayOut => ({ said, act });
const again = (said: string): WayOut => way(said, { kind: 'again' });

/** What the tool's table says now, and what that means for what was run. @throws the server's error */
export const readLeft = (facts: LeftFacts): Promise<Left> =>
  facts.target.tool.id === 'golang-migrate' ? golangLeft(facts) : rowLeft(facts);

/**
 * Indexes that were left half-built. None when they can't be asked for.
 *
 * @param pid of the run's own session, which builds nothing any more, though the server may show it for a moment still
 */
export async function invalidIndexes({ query }: RunNeeds, pid: number): Promise<WayOut[]> {
  const found = await query<{ name: string }>(invalidIndexesSql, [pid]).catch(() => []);
  return found.map(({ name }) =>
    way(
      `The index ${name} is invalid: it costs writes and serves no query. Drop it before you run the file again.`,
      {
        kind: 'statement',
        sql: `DROP INDEX CONCURRENTLY ${name};`,
      },
    ),
  );
}

async function golangLeft({ target, place, needs, step, piece, lost }: LeftFacts): Promise<Left> {
  const { state, folder } = await readBoth(target, { ...place, isThere: true }, needs.query);
  const row = (state as GolangMigrateState).rows[0];
  const { id, name } = step.migration;
  const own = step.target ?? '-1';
  if (!row?.dirty)
    return {
      said: `golang-migrate is at ${row ? `version ${row.version}` : 'no version'}, clean.`,
      waysOut: [
        row?.version === own || (!row && step.target === null)
          ? again('The step came to its end after all: go on from there.')
          : again('Nothing of the step was run: mend what stood in its way and run it again.'),
      ],
    };
  const at = folder.migrations.findIndex((one) => one.id === id);
  const before = step.direction === 'up' ? (folder.migrations[at - 1]?.id ?? '-1') : id;
  const force = (said: string, version: string): WayOut => way(said, { kind: 'force', version });
  const inspect = (said: string): WayOut => way(said, { kind: 'inspect', id });
  const said = `golang-migrate is dirty at version ${row.version}: it goes no further until a version is forced.`;
  const undone = !lost && step.ready?.parts.every((part) => part.undone) === true;
  if (step.file === null)
    return {
      said,
      waysOut: [force(`There is no file for this step, and nothing was to be run: ${forceWords(own)}.`, own)],
    };
  if (piece === 'state' && !lost)
    return {
      said,
      waysOut: [
        inspect(`Look whether the changes of ${name} are there: all of the file had run.`),
        force(`If they are: ${forceWords(own)}.`, own),
        force(`If they are not: ${forceWords(before)}.`, before),
        again('Then run it again.'),
      ],
    };
  if (undone)
    return {
      said,
      waysOut: [
        force(
          `Nothing of the file is in the database: the server ran it in one transaction and undid it. Mend it and ${forceWords(before)}.`,
          before,
        ),
        again('Then run it again.'),
      ],
    };
  return {
    said,
    waysOut: [
      inspect(
        'Look what of the file is in the database: it does not run in one transaction, or how it ended is not known.',
      ),
      force(`If nothing of it is there, or once you have cleaned up: ${forceWords(before)}.`, before),
      again('Then run it again.'),
      force(`If all of it is there: ${forceWords(own)}.`, own),
    ],
  };
}

const forceWords = (version: string): string =>
  version === '-1' ? 'force -1, which is no version' : `force ${version}`;

async function rowLeft({ target, place, needs, step, piece, lost }: LeftFacts): Promise<Left> {
  const { reading } = await readBoth(target, { ...place, isThere: true }, needs.query);
  const { id, name } = step.migration;
  const entry = reading.entries.find((one) => one.id === id);
  const isApplied = entry !== undefined && happened(entry.state);
  const recorded = `${name} is recorded as ${isApplied ? 'applied' : 'not applied'}`;
  const inspect = (said: string): WayOut => way(said, { kind: 'inspect', id });
  const mark = way(
    `If all of it is there, mark it as ${step.direction === 'up' ? 'applied' : 'not applied'}.`,
    step.direction === 'up' ? { kind: 'mark', id } : { kind: 'unmark', id },
  );
  if (isApplied !== (step.direction === 'down'))
    return {
      said: `${recorded}: the step came to its end, or as far as its record.`,
      waysOut: lost
        ? [again('Go on from there.')]
        : [inspect(`Look what of ${name} is in the database; a part of it was carried out and recorded.`)],
    };
  const parts = step.ready?.parts ?? [];
  if (parts.every(({ undone, transaction }) => undone && transaction === 'own'))
    return {
      said: `${recorded}, and nothing of the file is in the database: it was undone as a whole.`,
      waysOut: [again('Mend what it failed at and run it again.')],
    };
  if (piece === 'state' && !lost)
    return {
      said: `${recorded}. All of the file ran, outside of a transaction, and is in the database; only its record is missing.`,
      waysOut: [inspect(`Look whether the changes of ${name} are there.`), mark],
    };
  return {
    said: `${recorded}. What of the file ran before the failure is in the database, because it does not run in one transaction.`,
    waysOut: [
      inspect(`Look what of ${name} is in the database.`),
      again('Clean up what is there, or make the file pass over it, and run it again.'),
      mark,
    ],
  };
}
