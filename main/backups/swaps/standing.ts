import type { KeptDatabase } from '../../../preload/contract/backup-swaps.ts';
import { type SwapNote, shownNote } from './notes.ts';

/** What a server says of its databases. */
export interface ServerDatabases {
  /** Its system identifier; null where it may not be asked. */
  system: string | null;
  databases: readonly { oid: number; name: string }[];
}

/**
 * What has become of noted databases, and which others are called as a swap calls what it keeps: those that another console,
 * or an older one, has kept.
 *
 * @param environment whose server it is; of other environments' notes only what is there is shown, because a copy of the
 * server's files has the same identifier and need not have the same databases any more
 */
export function standing(
  environment: string,
  notes: readonly SwapNote[],
  server: ServerDatabases,
): KeptDatabase[] {
  const byOid = new Map(server.databases.map(({ oid, name }) => [oid, name]));
  const names = new Set(server.databases.map(({ name }) => name));
  const noted = notes.flatMap((note) => {
    const { system, oid, kept, database } = note;
    const isAnother = system !== null && server.system !== null && system !== server.system;
    if (isAnother) return note.environment === environment ? [shownNote(note, anotherServer)] : [];
    const name = byOid.get(oid);
    if (name === undefined && note.environment !== null && note.environment !== environment) return [];
    const isDatabaseThere = names.has(database);
    if (name === kept)
      return [shownNote(note, { state: 'kept', isDatabaseThere, said: keptWords(note, isDatabaseThere) })];
    if (name === database) return [shownNote(note, { ...inPlace(note), isDatabaseThere })];
    if (name !== undefined)
      return [shownNote(note, { state: 'renamed', name, isDatabaseThere, said: renamedWords(name) })];
    return [
      shownNote(note, {
        ...(names.has(kept)
          ? { state: 'replaced', said: replacedWords }
          : { state: 'gone', said: goneWords }),
        isDatabaseThere,
      }),
    ];
  });
  const known = new Set(
    noted.filter(({ state }) => state === 'kept' || state === 'replaced').map(({ kept }) => kept),
  );
  const found = server.databases.flatMap(({ name }) => {
    const [, database, at] = /^(.+)_before_(\d{8}_\d{6})$/s.exec(name) ?? [];
    const when = at === undefined ? undefined : momentIn(at);
    if (database === undefined || when === undefined || known.has(name) || !names.has(database)) return [];
    return [foundByName(environment, { database, kept: name, at: when })];
  });
  return [...noted, ...found].sort((a, b) => b.at - a.at);
}

const foundByName = (
  environment: string,
  { database, kept, at }: Pick<KeptDatabase, 'database' | 'kept' | 'at'>,
): KeptDatabase => ({
  id: null,
  environment,
  database,
  kept,
  at,
  holds: 'unknown',
  backup: null,
  path: null,
  state: 'kept',
  name: null,
  isDatabaseThere: true,
  bytes: null,
  said: 'Its name is one that a swap gives. Which backup took its place was not noted here: another console may have done it.',
});

/** `20251121_093000` in UTC. Undefined: no such moment. */
function momentIn(stamp: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)$/.exec(stamp) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? undefined : at;
}

function keptWords({ database, holds }: SwapNote, isDatabaseThere: boolean): string {
  if (!isDatabaseThere)
    return `There is no ${database} any more that it could be swapped back for; it can be renamed.`;
  return {
    former: `What was ${database} before the restore.`,
    restored: `What a restore had put in place of ${database}, until the swap was undone.`,
    unknown: `What was ${database} until a swap was undone.`,
  }[holds];
}

const inPlace = ({ database }: SwapNote): Pick<KeptDatabase, 'state' | 'name' | 'said'> => ({
  state: 'renamed',
  name: database,
  said: `Somebody has given it the name ${database} back, without Howdah.`,
});

const renamedWords = (name: string): string =>
  `Somebody has renamed it: it is ${name} now. Howdah leaves it alone.`;

const replacedWords = 'Somebody has dropped it, and another database bears its name.';
const goneWords = 'Somebody has dropped it, without Howdah.';

const anotherServer = {
  state: 'unknown' as const,
  said: 'The environment leads to another server now than when the swap was done. What is kept there is not known.',
};
