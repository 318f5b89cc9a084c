import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Grower, Growth, GrowthOf, GrowthWindow, SizePoint } from '../../../preload/contract/storage.ts';
import { allTables, isTableKey, type Kept, type Look, schemaKey } from './codec.ts';
import { forecast } from './forecast.ts';
import type { Known } from './known.ts';
import type { SizeStore } from './size-store.ts';

const day = 24 * 3_600_000;
const windowDays: Record<GrowthWindow, number> = { '7d': 7, '30d': 30, '90d': 90, '365d': 365 };
const mostPoints = 300;
const mostGrowers = 500;
const sparkPoints = 30;
/** Looks that are read in one go: a few ms. */
const atOnce = 20;

type Answer = Omit<Growth, 'events' | 'nextAt' | 'limits'>;

/** Sizes over a window, out of the store. */
export async function growthOf(
  store: SizeStore,
  environment: string,
  { window, of }: { window: GrowthWindow; of: GrowthOf },
  now: number,
): Promise<Answer> {
  const days = windowDays[window];
  const from = now - days * day;
  const found = store.known(environment);
  const nothing: Answer = {
    from,
    to: now,
    database: null,
    of,
    points: [],
    forecast: null,
    noForecast: 'No size has been measured yet.',
    growers: [],
    schemas: [],
    firstAt: null,
    lastAt: null,
  };
  if (!found) return nothing;
  const looks = await readThinned(store, environment, found.database, from, now);
  const newest = looks.at(-1);
  if (!newest) return { ...nothing, database: found.database, firstAt: found.firstAt, lastAt: found.at };
  const points = looks.flatMap(({ at, look }): SizePoint[] => {
    const kb = kbOfWhat(of, look, found.known);
    return kb === null ? [] : [{ at, bytes: kb * 1024 }];
  });
  const ahead = forecast(points);
  return {
    ...nothing,
    database: found.database,
    points,
    forecast: typeof ahead === 'string' ? null : ahead,
    noForecast: typeof ahead === 'string' ? ahead : null,
    growers: growersIn(looks, found.known),
    schemas: schemasIn(looks, found.known),
    firstAt: found.firstAt,
    lastAt: found.at,
  };
}

interface TimedLook {
  at: number;
  look: Look;
}

/** Hourly looks of a week; of more, one each day or every other, so that all lie equally far apart. */
async function readThinned(
  store: SizeStore,
  environment: string,
  database: string,
  from: number,
  to: number,
): Promise<TimedLook[]> {
  const step =
    to - from <= 7 * day ? (to - from) / mostPoints : Math.ceil((to - from) / day / mostPoints) * day;
  const kept: TimedLook[] = [];
  let read = 0;
  for (const one of store.looks(environment, database, from, to)) {
    read += 1;
    if (read % atOnce === 0) await nextTurn();
    const last = kept.at(-1);
    // The newest of each step.
    if (last && Math.floor(last.at / step) === Math.floor(one.at / step)) kept.pop();
    kept.push(one);
  }
  return kept;
}

const kbOf = ({ heap, toast, indexes }: Kept): number => heap + toast + indexes;
const kbAt = (look: Look, key: number): number | null => {
  const kept = look.sizes.get(key);
  return kept ? kbOf(kept) : null;
};

function kbOfWhat(of: GrowthOf, look: Look, known: Known): number | null {
  if (of.kind === 'table') return kbAt(look, of.oid);
  if (of.kind === 'database') return look.database ?? kbAt(look, allTables);
  const place = known.schemas.indexOf(of.schema);
  return place < 0 ? null : kbAt(look, schemaKey(place));
}

function growersIn(looks: readonly TimedLook[], known: Known): Grower[] {
  const there = new Map(known.tables.map((one) => [one.oid, one]));
  const gone = new Map(known.gone.map((one) => [one.oid, one]));
  const series = new Map<number, { at: number; kb: number; kept: Kept }[]>();
  for (const { at, look } of looks) {
    for (const [key, kept] of look.sizes) {
      if (!isTableKey(key)) continue;
      const list = series.get(key) ?? [];
      if (list.length === 0) series.set(key, list);
      list.push({ at, kb: kbOf(kept), kept });
    }
  }
  const growers = [...series].flatMap(([oid, points]): Grower[] => {
    const about = there.get(oid) ?? gone.get(oid);
    const first = points[0];
    const last = points.at(-1);
    if (!about || !first || !last) return [];
    const every = Math.ceil(points.length / sparkPoints);
    const isGone = !there.has(oid);
    return [
      {
        oid,
        schema: about.schema,
        name: about.name,
        bytes: isGone ? '0' : String(last.kb * 1024),
        size: {
          heap: String(last.kept.heap * 1024),
          maps: '0',
          toast: String(last.kept.toast * 1024),
          indexes: String(last.kept.indexes * 1024),
        },
        growth: isGone
          ? String(-first.kb * 1024)
          : points.length > 1
            ? String((last.kb - first.kb) * 1024)
            : null,
        overMs: points.length > 1 ? last.at - first.at : null,
        spark: points
          .filter((_, place) => (points.length - 1 - place) % every === 0)
          .map(({ kb }) => kb * 1024),
        gone: isGone,
      },
    ];
  });
  const size = ({ growth }: Grower): number => Math.abs(Number(growth ?? 0));
  return growers.sort((a, b) => size(b) - size(a) || Number(b.bytes) - Number(a.bytes)).slice(0, mostGrowers);
}

function schemasIn(looks: readonly TimedLook[], known: Known): Answer['schemas'] {
  return known.schemas.flatMap((schema, place) => {
    const sizes = looks.flatMap(({ look }) => kbAt(look, schemaKey(place)) ?? []);
    const newest = looks.at(-1)?.look;
    const now = newest ? kbAt(newest, schemaKey(place)) : null;
    if (now === null) return [];
    const [first] = sizes;
    return [
      {
        schema,
        bytes: String(now * 1024),
        growth: sizes.length > 1 && first !== undefined ? String((now - first) * 1024) : null,
      },
    ];
  });
}
