import { describe, expect, test } from 'vitest';
import { measures } from '../../../../preload/contract/diagram/scene/boxes.ts';
import { fitted, inSight, revealed, zoomed } from '../../../../preload/contract/diagram/scene/camera.ts';
import { endMark, ends } from '../../../../preload/contract/diagram/scene/crow.ts';
import { Grid } from '../../../../preload/contract/diagram/scene/grid.ts';
import { distanceTo } from '../../../../preload/contract/diagram/scene/lines.ts';
import { levelOf, levels } from '../../../../preload/contract/diagram/scene/lod.ts';
import { cachedMeasure, oneLine, shorten, wrapped } from '../../../../preload/contract/diagram/scene/text.ts';
import { boxTowards, relatedBoxes } from '../../../../preload/contract/diagram/scene/walk.ts';
import { outlineOfDiagram, outlineRows } from '../../../../renderer/schema/outline-rows.ts';
import {
  awkwardModel,
  believableModel,
  seeded,
  syntheticModel,
} from '../../../support/ui-schema-fixture/models.ts';
import { draw } from './support.ts';

const drawn = draw(believableModel(), { sweeps: 24 });
const { scene, place } = drawn;
const boxOf = (name: string): number => scene.indexOf(place(name)) ?? -1;

describe('hit testing', () => {
  test('finds each box at its middle and none between boxes', () => {
    for (let at = 0; at < scene.size; at += 1) {
      const { x, y, width, height } = scene.rect(at);
      expect(scene.hit(x + width / 2, y + height / 2)).toBe(at);
      expect(scene.hit(x - 1, y + height / 2)).not.toBe(at);
    }
  });

  test('tells the row under a point, and the header by having none', () => {
    const at = boxOf('orders');
    const { y } = scene.rect(at);
    expect(scene.rowAt(at, y + 4)).toBeUndefined();
    expect(scene.rowAt(at, y + measures.header + 1)).toBe(0);
    expect(scene.rowAt(at, y + measures.header + measures.row * 2 + 1)).toBe(2);
  });

  test('follows a box that was moved, and its lines do', () => {
    const { scene, place } = draw(believableModel());
    const at = scene.indexOf(place('orders')) ?? -1;
    const before = scene.rect(at);
    const line = scene.linesOf(at)[0] ?? -1;
    const old = scene.line(line);
    scene.move(at, before.x + 5000, before.y + 5000);
    expect(scene.hit(before.x + 10, before.y + 10)).toBeUndefined();
    expect(scene.hit(before.x + 5010, before.y + 5010)).toBe(at);
    expect(scene.line(line)).not.toEqual(old);
  });

  test('agrees with looking at every box, at any window', () => {
    const random = seeded(4);
    const rects = Array.from({ length: 500 }, () => ({
      x: random() * 20_000 - 10_000,
      y: random() * 20_000 - 10_000,
      width: random() * 900,
      height: random() * 3000,
    }));
    const grid = new Grid(rects.length, (at) => rects[at] ?? { x: 0, y: 0, width: 0, height: 0 });
    for (let step = 0; step < 200; step += 1) {
      const view = {
        x: random() * 24_000 - 12_000,
        y: random() * 24_000 - 12_000,
        width: random() * 9000,
        height: 700,
      };
      const expected = rects.flatMap((rect, at) =>
        rect.x < view.x + view.width &&
        rect.x + rect.width > view.x &&
        rect.y < view.y + view.height &&
        rect.y + rect.height > view.y
          ? [at]
          : [],
      );
      expect(grid.query(view)).toEqual(expected);
    }
  });

  test('tells how far a point is from a line', () => {
    const line = scene.line(scene.linesOf(boxOf('invoices'))[0] ?? -1);
    expect(distanceTo(line, line.x1, line.y1)).toBeLessThan(0.01);
    expect(distanceTo(line, line.x1, line.y1 - 300)).toBeGreaterThan(5);
  });
});

describe('lines', () => {
  test('join the columns of the key', () => {
    const index = scene
      .linesOf(boxOf('invoices'))
      .find((one) => scene.relation(one).name === 'invoices_order_id_fkey');
    const line = scene.line(index ?? -1);
    const row = (table: string, column: number): number =>
      scene.rect(boxOf(table)).y + measures.header + (column + 0.5) * measures.row;
    expect(line.y1).toBe(row('invoices', 1));
    expect(line.y2).toBe(row('orders', 0));
  });

  test('bracket a key of several columns', () => {
    const index = scene
      .linesOf(boxOf('shipments'))
      .find((one) => scene.relation(one).fromColumns.length === 2);
    expect(scene.line(index ?? -1).rows1).toHaveLength(2);
  });

  test('leave at the sides that face each other', () => {
    for (let index = 0; index < scene.relations.length; index += 1) {
      const { from, to } = scene.relation(index);
      const a = scene.rect(scene.indexOf(from) ?? -1);
      const b = scene.rect(scene.indexOf(to) ?? -1);
      const { x1, direction1, direction2 } = scene.line(index);
      expect(x1).toBe(direction1 > 0 ? a.x + a.width : a.x);
      if (a.x > b.x + b.width + 100) expect([direction1, direction2]).toEqual([-1, 1]);
    }
  });

  test('of a column that is not drawn end at the row that stands for it', () => {
    const { scene, place } = draw(awkwardModel());
    const wide = scene.indexOf(place('wide')) ?? -1;
    const bottom = scene.rect(wide).y + scene.rect(wide).height;
    for (const index of scene.linesOf(wide)) expect(scene.line(index).y2).toBeLessThan(bottom);
  });
});

describe('crow’s feet', () => {
  test('say how many rows each end stands for', () => {
    expect(ends({ optional: false, unique: false })).toEqual({ from: 'zero-or-many', to: 'one' });
    expect(ends({ optional: true, unique: false })).toEqual({ from: 'zero-or-many', to: 'zero-or-one' });
    expect(ends({ optional: false, unique: true })).toEqual({ from: 'zero-or-one', to: 'one' });
  });

  test('spread at the box: two toes and a ring before them', () => {
    const { strokes, ring } = endMark('zero-or-many', 100, 50, 1);
    expect(strokes).toEqual([111, 50, 100, 44, 111, 50, 100, 56]);
    expect(ring).toMatchObject({ x: 114.5, y: 50 });
    expect(endMark('zero-or-many', 100, 50, -1).ring?.x).toBe(85.5);
  });

  test('for exactly one are two bars and no ring', () => {
    const { strokes, ring } = endMark('one', 0, 0, 1);
    expect(strokes).toHaveLength(8);
    expect(ring).toBeUndefined();
  });
});

describe('the camera', () => {
  const rect = { x: -500, y: 200, width: 4000, height: 1000 };

  test('fits everything in, and never larger than life', () => {
    const view = inSight(fitted(rect, 800, 600), 800, 600);
    expect(view.x).toBeLessThanOrEqual(rect.x);
    expect(view.x + view.width).toBeGreaterThanOrEqual(rect.x + rect.width);
    expect(fitted({ x: 0, y: 0, width: 10, height: 10 }, 800, 600).scale).toBe(1);
  });

  test('keeps the point under the pointer where it is while it zooms', () => {
    const before = { x: 10, y: 20, scale: 0.5 };
    const after = zoomed(before, 1.7, 300, 200);
    expect(after.x + 300 / after.scale).toBeCloseTo(10 + 300 / 0.5);
    expect(after.y + 200 / after.scale).toBeCloseTo(20 + 200 / 0.5);
  });

  test('moves no further than a box needs to be seen', () => {
    const camera = { x: 0, y: 0, scale: 1 };
    expect(revealed(camera, { x: 100, y: 100, width: 50, height: 50 }, 800, 600)).toEqual(camera);
    expect(revealed(camera, { x: 900, y: 100, width: 50, height: 50 }, 800, 600)).toEqual({
      x: 182,
      y: 0,
      scale: 1,
    });
  });
});

describe('levels of detail', () => {
  test('go from blocks over names and keys to everything', () => {
    expect([0.01, levels.middle, 0.4, levels.near, 2].map(levelOf)).toEqual([
      'far',
      'middle',
      'middle',
      'near',
      'near',
    ]);
  });
});

describe('text in boxes', () => {
  test('fits into every box, of awkward names too', () => {
    const { scene } = draw(awkwardModel());
    for (let at = 0; at < scene.size; at += 1) {
      const box = scene.box(at);
      expect(box.width).toBeLessThanOrEqual(measures.widest);
      for (const row of box.rows) expect(row.name).not.toMatch(/[\n\t\u202e]/);
    }
  });

  test('a table of 1,600 columns shows some, its key among them, and says how many it leaves out', () => {
    const { scene, place } = draw(awkwardModel());
    const box = scene.box(scene.indexOf(place('wide')) ?? -1);
    expect(box.rows).toHaveLength(measures.most + 1);
    expect(box.rows.some(({ name }) => name === 'column_1500')).toBe(true);
    expect(box.rows.at(-1)?.name).toBe('1,564 more columns');
  });

  test('an opened partitioned table lists its partitions and says how many more there are', () => {
    const { scene, place } = draw(believableModel(), { opened: [place0()] });
    const box = scene.box(scene.indexOf(place('readings')) ?? -1);
    expect(box.rows.filter(({ kind }) => kind === 'partition')).toHaveLength(40);
    expect(box.rows.at(-1)?.name).toBe('20 more partitions');
    function place0(): number {
      return drawn.place('readings');
    }
  });

  test('is measured once a character', () => {
    let asked = 0;
    const measure = cachedMeasure(() => {
      asked += 1;
      return 7;
    });
    for (let time = 0; time < 100; time += 1) expect(measure('abcabc')).toBe(42);
    expect(asked).toBe(3);
  });

  test('is cut with an ellipsis between characters, not inside of one', () => {
    const measure = cachedMeasure(() => 10);
    expect(shorten('abcdef', 60, measure)).toBe('abcdef');
    expect(shorten('abcdef', 40, measure)).toBe('abc…');
    expect(shorten('🐘🐘🐘🐘', 30, measure)).toBe('🐘🐘…');
    expect(oneLine('a\nb\u202ec')).toBe('a↵b·c');
  });

  test('goes on below where there is room, broken where words end', () => {
    const measure = cachedMeasure(() => 10);
    expect(wrapped('orders', 60, measure, 3)).toEqual(['orders']);
    expect(wrapped('device_target_state', 70, measure, 3)).toEqual(['device_', 'target_', 'state']);
    expect(wrapped('a_b_device_state', 70, measure, 3)).toEqual(['a_b_', 'device_', 'state']);
    expect(wrapped('device_target_state', 70, measure, 2)).toEqual(['device_', 'target…']);
    expect(wrapped('deviceregistrations', 70, measure, 3)).toEqual(['device…']);
    expect(wrapped('___', 70, measure, 3)).toEqual(['___']);
  });
});

describe('walking by keys', () => {
  test('an arrow goes to a box in its direction, rather to a related one', () => {
    const next = boxTowards(scene, boxOf('customers'), 'right');
    expect(relatedBoxes(scene, boxOf('customers'))).toContain(next);
  });

  test('every box can be reached by arrows from any other', () => {
    const { scene } = draw(syntheticModel(120));
    const reached = new Set([0]);
    const edge = [0];
    for (let at = edge.pop(); at !== undefined; at = edge.pop()) {
      for (const direction of ['left', 'right', 'up', 'down'] as const) {
        const next = boxTowards(scene, at, direction);
        if (next === undefined || reached.has(next)) continue;
        reached.add(next);
        edge.push(next);
      }
    }
    expect(reached.size).toBeGreaterThan(scene.size * 0.9);
  });

  test('relations come first those out, then those in, each box once', () => {
    const names = relatedBoxes(scene, boxOf('order_items')).map((at) => scene.table(at).name);
    expect(names).toEqual(['orders', 'products', 'shipments']);
  });
});

describe('the outline', () => {
  const source = outlineOfDiagram(drawn.diagram);
  const rows = (search = '', toggled: string[] = []) =>
    outlineRows(source, drawn.diagram, { search, toggled: new Set(toggled) });

  test('has every table under its schema, with counts', () => {
    expect(rows().filter(({ kind }) => kind === 'table')).toHaveLength(drawn.diagram.tables.length);
    expect(rows().find(({ label }) => label === 'empty_one')).toMatchObject({ aside: '0' });
    expect(rows().find(({ label }) => label === 'readings')).toMatchObject({ aside: '⊞ 60' });
  });

  test('says in words what lines show', () => {
    const words = rows('', ['t sales\0orders']).map(({ spoken }) => spoken());
    expect(words).toContain('customer_id, bigint, not null, refers to customers.id');
    expect(words).toContain('referred to by order_items.order_id');
    expect(words).toContain('readings, partitioned table, 4 columns, 60 partitions');
  });

  test('narrows to what is searched for, and says how many of all that is', () => {
    expect(rows('order_').map(({ label, aside }) => `${label} ${aside}`.trim())).toEqual([
      'sales 2 of 8',
      'order_items',
      'order_status',
    ]);
  });

  test('lists schemas alone at first where there are thousands of tables, and unfolds them one by one', () => {
    const { diagram } = draw(syntheticModel(2100));
    const source = outlineOfDiagram(diagram);
    const folded = outlineRows(source, diagram, { search: '', toggled: new Set() });
    expect(folded.map(({ level }) => level)).toEqual(Array(20).fill(1));
    const one = outlineRows(source, diagram, { search: '', toggled: new Set(['s area_02']) });
    expect(one).toHaveLength(20 + 105);
  });
});
