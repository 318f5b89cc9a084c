import { randomUUID } from 'node:crypto';
import type { Connection } from '../../preload/contract/connection.ts';
import {
  type Environment,
  type EnvironmentColor,
  type EnvironmentDraft,
  environmentColors,
  type Finding,
} from '../../preload/contract/environments.ts';
import type { ImportCandidate, ImportPreview } from '../../preload/contract/imports.ts';
import { plainColor } from './draft.ts';
import { type Found, mostFound } from './found.ts';
import type { ReadFiles } from './read-files.ts';
import { placeKey } from './same-place.ts';

/** How long the passwords of a preview are kept, ms. */
const keptMs = 15 * 60_000;

/** How many previews are kept; a further one drops the oldest. */
const mostPreviews = 20;

/** A connection as it was found, with the password that the file has for it. */
export interface Kept {
  connection: Connection;
  password: string | undefined;
}

/** Previews that may still be taken, with the passwords found; only in memory, and for a quarter of an hour. */
export interface Previews {
  /** Keeps what was read, and gives what may be shown of it. */
  keep(read: ReadFiles, existing: Environment[]): ImportPreview;
  /** What was found by key; undefined when the preview is gone. */
  found(id: string): ReadonlyMap<string, Kept> | undefined;
  drop(id: string): void;
}

export function openPreviews(): Previews {
  const kept = new Map<string, { finds: Map<string, Kept>; timer: NodeJS.Timeout }>();
  const drop = (id: string): void => {
    const one = kept.get(id);
    if (!one) return;
    clearTimeout(one.timer);
    one.finds.clear();
    kept.delete(id);
  };
  return {
    keep: ({ found, problems }, existing) => {
      const id = randomUUID();
      const some = found.slice(0, mostFound);
      const left = found.length - some.length;
      const keyed = some.map((one, index) => ({ ...one, key: String(index + 1) }));
      const timer = setTimeout(() => drop(id), keptMs);
      timer.unref();
      const finds = keyed.map(
        ({ key, password, draft }) => [key, { connection: draft.connection, password }] as const,
      );
      kept.set(id, { finds: new Map(finds), timer });
      const [oldest] = kept.keys();
      if (kept.size > mostPreviews && oldest !== undefined) drop(oldest);
      const last = some.at(-1)?.file ?? '';
      const tooMany = {
        file: last,
        line: null,
        text: `There are ${left} more connections; ${mostFound} are read at a time.`,
      };
      return {
        id,
        candidates: toCandidates(keyed, existing),
        problems: left > 0 ? [...problems, tooMany] : problems,
      };
    },
    found: (id) => kept.get(id)?.finds,
    drop,
  };
}

/** What may be shown, with names that are free and a word on those that are there already. */
function toCandidates(
  found: (Found & { file: string; key: string })[],
  existing: Environment[],
): ImportCandidate[] {
  const saved = existing.filter(({ transient }) => !transient);
  const there = new Map(saved.map(({ name, connection }) => [placeKey(connection), name]));
  const taken = new Set(existing.map(({ name }) => name.toLowerCase()));
  const colors = existing.map(({ color }) => color);
  const before = new Map<string, { name: string; file: string }>();
  return found.map(({ key, kind, draft, file, line, from, password, notes }) => {
    const place = placeKey(draft.connection);
    const same = there.get(place) ?? null;
    const name = freeName(draft.name, taken);
    taken.add(name.toLowerCase());
    const color = draft.color === plainColor && kind !== 'howdah' ? leastUsed(colors) : draft.color;
    colors.push(color);
    const earlier = before.get(place);
    if (!earlier) before.set(place, { name, file });
    return {
      key,
      kind,
      draft: { ...draft, name, color } satisfies EnvironmentDraft,
      file,
      line,
      from,
      hasPassword: password !== undefined,
      notes: earlier ? [...notes, repeated(earlier)] : notes,
      same,
    };
  });
}

/** The colour that tells best apart; red and amber stay with what is production or close to it. */
function leastUsed(colors: readonly EnvironmentColor[]): EnvironmentColor {
  const free = environmentColors.filter((color) => color !== 'red' && color !== 'amber');
  const count = (color: EnvironmentColor): number => colors.filter((one) => one === color).length;
  return free.reduce((best, color) => (count(color) < count(best) ? color : best), plainColor);
}

function repeated({ name, file }: { name: string; file: string }): Finding {
  return {
    severity: 'notice',
    id: 'same-in-preview',
    text: `It goes to the same place as the same role as “${name}” from ${file}.`,
  };
}

/** The name itself, or with the first free number behind it. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted.toLowerCase())) return wanted;
  for (let number = 2; ; number += 1) {
    const suffix = ` ${number}`;
    const name = wanted.slice(0, 80 - suffix.length) + suffix;
    if (!taken.has(name.toLowerCase())) return name;
  }
}
