import { describe, expect, it } from 'vitest';
import { following } from '../../../main/lib/following.ts';
import { packNow, unpackModel } from '../../../main/schema/packed.ts';
import { partsOf } from '../../../main/schema/parts.ts';
import { letGo, type Thinned } from '../../../main/schema/snapshots-retention.ts';
import { digestOf } from '../../../main/schema/text-digest.ts';
import { listPieces, textPieces } from '../../../main/schema/text-tasks.ts';
import type { Printed, SchemaModel } from '../../../preload/contract/schema-model.ts';
import { column, emptyModel, table } from './schema-models.ts';

const day = 86_400_000;
const now = 1000 * day + day / 2;

describe('letting go of snapshots that were kept by themselves', () => {
  let id = 0;
  const snapshot = (age: number, more: Partial<Thinned> = {}): Thinned => {
    id += 1;
    const at = now - age;
    return { id, environment: 'e', database: 'd', role: 'r', takenAt: at, seenUntil: at, mayGo: 1, ...more };
  };
  const left = (all: Thinned[]): Thinned[] => {
    const going = new Set(letGo(all, now));
    return all.filter((one) => !going.has(one.id));
  };

  it('keeps the newest sixty of an environment’s database', () => {
    const all = Array.from({ length: 80 }, (_, index) => snapshot(index * 1000));
    const others = Array.from({ length: 20 }, (_, index) => snapshot(index * 1000, { database: 'other' }));
    expect(left([...all, ...others].reverse()).reverse()).toEqual([...all.slice(0, 60), ...others]);
  });

  it('keeps the last of each day once they are older than thirty days', () => {
    const fresh = [snapshot(1000), snapshot(2000), snapshot(29 * day), snapshot(29 * day + 1000)];
    const old = [40, 41].map((days) => [
      snapshot(days * day),
      snapshot(days * day + 1000),
      snapshot(days * day + 2000),
    ]);
    expect(left([...fresh, ...old.flat()])).toEqual([...fresh, ...old.map(([last]) => last)]);
  });

  it('never lets go of one that was made by hand or named, nor of the newest of a role', () => {
    const kept = [
      ...Array.from({ length: 100 }, (_, index) => snapshot(index + 100, { mayGo: 0 })),
      snapshot(500 * day, { role: 'seldom' }),
      snapshot(600 * day, { mayGo: 0 }),
    ];
    const all = Array.from({ length: 100 }, (_, index) => snapshot(index));
    expect(left([...kept, ...all]).filter((one) => kept.includes(one))).toEqual(kept);
  });

  it('keeps those of an environment that is gone for ninety days', () => {
    const gone = { environment: null };
    const all = [
      snapshot(89 * day, gone),
      snapshot(91 * day, gone),
      snapshot(91 * day, { ...gone, mayGo: 0 }),
    ];
    expect(left(all)).toEqual([all[0], all[2]]);
  });
});

describe('the digest of a structure', () => {
  const base = (): SchemaModel => ({
    ...emptyModel(),
    tables: [
      table('100', 'a', { columns: [column(1, 'id'), column(2, 'n', { expression: { state: 'later' } })] }),
      table('101', 'b', { columns: [column(1, 'id')] }),
    ],
  });
  const digest = (model: SchemaModel, definitions: Record<string, Printed> = {}): string => {
    const { at, server, database, user, unseen, ...lists } = structuredClone(model);
    const parts = [...partsOf({ at, server, database, user, unseen }, lists)].map(packNow);
    return digestOf({ parts, definitions: [packNow(JSON.stringify(definitions))] }).digest;
  };
  const known = (text: string): Printed => ({ state: 'known', text });
  const reference = digest(base(), { '100.2': known('1') });

  it('is the same whatever the oids, the order, the time and the counted rows', () => {
    const model = base();
    model.at = 12345;
    model.tables.reverse();
    model.tables[1] = table('900', 'a', {
      estimatedRows: 7,
      pages: 3,
      columns: [
        column(5, 'n', { expression: { state: 'later' }, options: ['pg_attver=2'] }),
        column(1, 'id'),
      ],
    });
    expect(digest(model, { '900.5': known('1') })).toBe(reference);
  });

  it('is another for another text, name, comment, owner, and for what is not known', () => {
    expect(digest(base(), { '100.2': known('2') })).not.toBe(reference);
    expect(digest(base(), { '100.2': { state: 'waiting' } })).not.toBe(reference);
    const changes: ((model: SchemaModel) => void)[] = [
      (model) => Object.assign(model.tables[0] ?? {}, { name: 'c' }),
      (model) => Object.assign(model.tables[0] ?? {}, { comment: 'x' }),
      (model) => Object.assign(model.tables[0] ?? {}, { owner: 'x' }),
      (model) => Object.assign(model.tables[0]?.columns[0] ?? {}, { notNull: true }),
      (model) => model.unseen.push({ what: 'Routines', why: 'no' }),
      (model) => model.tables.pop(),
    ];
    for (const change of changes) {
      const model = base();
      change(model);
      expect(digest(model, { '100.2': known('1') })).not.toBe(reference);
    }
  });

  it('goes with a model that is whole again after it was packed', () => {
    const model = base();
    const { at, server, database, user, unseen, ...lists } = structuredClone(model);
    const parts = [...partsOf({ at, server, database, user, unseen }, lists)].map(packNow);
    const definitions = [{ '100.2': { state: 'waiting' } }, { '100.2': known('7') }].map((one) =>
      packNow(JSON.stringify(one)),
    );
    const again = unpackModel({ parts, definitions });
    expect(again.tables[0]?.columns[1]?.expression).toEqual(known('7'));
    expect(again.tables.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('pieces', () => {
  it('of a text are below a frame’s limit and tear no character apart', () => {
    for (const text of ['', 'x', '🐘'.repeat(500_000), `x${'🐘'.repeat(500_000)}`]) {
      const pieces = [...textPieces(text)];
      expect(pieces.map((piece) => piece.text).join('')).toBe(text);
      expect(pieces.map(({ last }) => last)).toEqual(pieces.map((_, index) => index === pieces.length - 1));
      for (const piece of pieces) expect(piece.text.isWellFormed()).toBe(true);
      for (const piece of pieces) expect(piece.text.length).toBeLessThanOrEqual(400_000);
    }
  });

  it('of a list hold a large thing by itself; there is always one', () => {
    expect([...listPieces([])]).toEqual([{ items: [], last: true }]);
    const list = ['a', 'x'.repeat(500_000), 'b', 'c'];
    expect([...listPieces(list)].map(({ items }) => items.map((one) => one[0]))).toEqual([
      ['a'],
      ['x'],
      ['b', 'c'],
    ]);
  });
});

describe('work that is followed', () => {
  it('gives what it tells, then what came of it', async () => {
    const told: number[] = [];
    const all = following<number, string>(undefined, async (tell) => {
      tell(1);
      await Promise.resolve();
      tell(2);
      return 'done';
    });
    for (;;) {
      const { value, done } = await all.next();
      if (done) {
        expect(value).toBe('done');
        break;
      }
      told.push(value);
    }
    expect(told).toEqual([1, 2]);
  });

  it('is stopped by whoever leaves, and has come to its end by then', async () => {
    let ended = false;
    const work = async (tell: (event: number) => void, signal: AbortSignal): Promise<void> => {
      tell(1);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, 20)));
      ended = true;
    };
    for await (const _ of following<number, void>(undefined, work)) break;
    expect(ended).toBe(true);
  });

  it('passes its error on', async () => {
    const work = following<number, void>(undefined, async () => {
      throw new Error('no');
    });
    await expect(work.next()).rejects.toThrow('no');
  });
});
