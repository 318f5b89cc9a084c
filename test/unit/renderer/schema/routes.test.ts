import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layered } from '../../../../preload/contract/diagram/layout/layered.ts';
import { everything } from '../../../../preload/contract/diagram/model/diagram.ts';
import { digest } from '../../../../preload/contract/diagram/model/digest.ts';
import { visibleTables } from '../../../../preload/contract/diagram/model/filter.ts';
import { measures } from '../../../../preload/contract/diagram/scene/boxes.ts';
import { holds, type Rect, touches } from '../../../../preload/contract/diagram/scene/camera.ts';
import { stub } from '../../../../preload/contract/diagram/scene/crow.ts';
import { spread } from '../../../../preload/contract/diagram/scene/lanes.ts';
import { distanceTo, eachCorner, type Line } from '../../../../preload/contract/diagram/scene/lines.ts';
import { Router } from '../../../../preload/contract/diagram/scene/router.ts';
import { allRoutes, leadLinesOf } from '../../../../preload/contract/diagram/scene/routes.ts';
import { Scene } from '../../../../preload/contract/diagram/scene/scene.ts';
import { awkwardModel, believableModel, syntheticModel } from '../../../support/ui-schema-fixture/models.ts';
import { type Drawn, draw } from './support.ts';

/** The drawing with ways found for its lines. */
function routed(drawn: Drawn): Scene {
  const { scene } = drawn;
  const routes = allRoutes(scene);
  return new Scene(
    scene.diagram,
    { ...scene.placed, x: scene.placed.x.slice(), y: scene.placed.y.slice(), routes },
    (place, opened) => scene.box(scene.indexOf(place) ?? 0) ?? opened,
  );
}

/** Boxes that a line along corners goes through, by name. */
function crossed(scene: Scene, line: Line): string[] {
  const { points } = line;
  if (!points) return [];
  const found: string[] = [];
  for (let at = 2; at < points.length; at += 2) {
    const [ax = 0, ay = 0, bx = 0, by = 0] = points.subarray(at - 2, at + 2);
    // A hair thinner than it is, so that touching an edge is not going through.
    const piece: Rect = {
      x: Math.min(ax, bx) + 0.5,
      y: Math.min(ay, by) + 0.5,
      width: Math.max(0.01, Math.abs(ax - bx) - 1),
      height: Math.max(0.01, Math.abs(ay - by) - 1),
    };
    for (let box = 0; box < scene.size; box += 1)
      if (touches(scene.rect(box), piece)) found.push(scene.table(box).name);
  }
  return found;
}

describe('ways of lines', () => {
  const models = {
    'a believable database': believableModel(),
    'an awkward one': awkwardModel(),
    'one of 300 tables': syntheticModel(300),
  };

  test.each(Object.entries(models))('in %s go through no box', (_, model) => {
    const scene = routed(draw(model, { sweeps: 24 }));
    let along = 0;
    for (let index = 0; index < scene.relations.length; index += 1) {
      const line = scene.line(index);
      if (line.points) along += 1;
      expect(crossed(scene, line), scene.relation(index).name).toEqual([]);
    }
    expect(along).toBeGreaterThan(0);
  });

  test('end at the rows of their columns, and leave their boxes straight, with room for their marks', () => {
    const scene = routed(draw(believableModel(), { sweeps: 24 }));
    for (let index = 0; index < scene.relations.length; index += 1) {
      const line = scene.line(index);
      const { fromColumns } = scene.relation(index);
      const from = scene.rect(scene.fromBox[index] ?? 0);
      if (!line.points || fromColumns.length !== 1) continue;
      expect(line.y1).toBeCloseTo(from.y + measures.header + ((fromColumns[0] ?? 0) + 0.5) * measures.row, 3);
      expect([from.x, from.x + from.width]).toContain(line.x1);
      expect(line.points[3]).toBe(line.points[1]);
      expect(Math.abs((line.points[2] ?? 0) - line.x1)).toBeGreaterThanOrEqual(stub - 5);
    }
  });

  test('are the same each time', () => {
    const { scene } = draw(syntheticModel(300));
    expect(allRoutes(scene)).toEqual(allRoutes(scene));
  });

  test('stop being looked for when it takes too long; the lines left are curves', () => {
    const { scene } = draw(syntheticModel(300));
    const { starts, points } = allRoutes(scene, 200);
    const found = scene.relations.filter((_, index) => starts[index] !== starts[index + 1]).length;
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(scene.relations.length / 2);
    expect(starts.at(-1)).toBe(points.length);
  });

  test('are left when a box is moved: its lines are curves then, and the others stay', () => {
    const scene = routed(draw(believableModel(), { sweeps: 24 }));
    const lines = [...scene.relations.keys()].map((index) => scene.line(index));
    const box = scene.fromBox[lines.findIndex(({ points }) => points)] ?? 0;
    const own = new Set(scene.linesOf(box));
    scene.move(box, scene.rect(box).x + 30, scene.rect(box).y);
    for (const [index, before] of lines.entries()) {
      if (own.has(index)) expect(scene.line(index).points).toBeUndefined();
      else expect(scene.line(index)).toBe(before);
    }
  });

  test('are found anew for the lines of a box that was put down elsewhere, and go with it when it is moved on', () => {
    const scene = routed(draw(believableModel(), { sweeps: 24 }));
    const box = scene.fromBox[0] ?? 0;
    scene.move(box, scene.bounds().x - 900, scene.bounds().y - 900);
    leadLinesOf(scene, box);
    const lines = scene.linesOf(box).filter((index) => scene.fromBox[index] !== scene.toBox[index]);
    for (const index of lines) {
      const line = scene.line(index);
      expect(line.points).toBeDefined();
      expect(crossed(scene, line)).toEqual([]);
    }
    scene.move(box, scene.rect(box).x, scene.rect(box).y + 50);
    for (const index of lines) expect(scene.line(index).points).toBeUndefined();
  });

  test('are pointed at where they go, not between their ends', () => {
    const scene = routed(draw(believableModel(), { sweeps: 24 }));
    const line = [...scene.relations.keys()]
      .map((index) => scene.line(index))
      .find(({ points }) => points && points.length > 6);
    const [, , x = 0, y = 0] = line?.points ?? [];
    expect(distanceTo(line as Line, x, y)).toBe(0);
    expect(distanceTo(line as Line, x, y - 40)).toBeGreaterThan(5);
  });
});

describe('the router', () => {
  const box = (x: number, y: number, width = 100, height = 100): Rect => ({ x, y, width, height });

  test('goes straight where nothing is in the way, and with two corners to another height', () => {
    const [a, b] = [box(0, 0), box(300, 0)];
    const all = () => [a, b];
    expect(new Router().find({ rect: a, y: 50 }, { rect: b, y: 50 }, all)).toEqual([100, 50, 300, 50]);
    const way = new Router().find({ rect: a, y: 30 }, { rect: b, y: 70 }, all) ?? [];
    expect(way.length / 2).toBe(4);
  });

  test('goes round a box, on the side that is nearer', () => {
    const [a, wall, b] = [box(0, 0), box(200, -200, 100, 300), box(400, 0)];
    const way = new Router().find({ rect: a, y: 50 }, { rect: b, y: 50 }, () => [a, wall, b]) ?? [];
    const lowest = Math.max(...way.filter((_, at) => at % 2 === 1));
    expect(lowest).toBeGreaterThan(100);
    expect(lowest).toBeLessThan(130);
  });

  test('finds none out of a box that is walled in', () => {
    const [a, b] = [box(0, 0), box(900, 0)];
    const walls = [
      box(-130, -130, 360, 125),
      box(-130, 105, 360, 125),
      box(-130, -10, 120, 120),
      box(110, -10, 120, 120),
    ];
    expect(new Router().find({ rect: a, y: 50 }, { rect: b, y: 50 }, () => [a, b, ...walls])).toBeUndefined();
  });
});

describe('lanes', () => {
  const upright = (group: number, x: number, from: number, to: number) => ({
    group,
    points: [0, from, x, from, x, to, 400, to],
  });

  test('part lines that end at different rows, and let those to the same row run together', () => {
    const ways = [upright(1, 100, 0, 90), upright(2, 100, 20, 120), upright(1, 100, 10, 60)];
    spread(ways, () => []);
    const [a, b, c] = ways.map(({ points }) => points[2] ?? 0);
    expect(a).toBe(c);
    expect(Math.abs((a ?? 0) - (b ?? 0))).toBeGreaterThanOrEqual(5);
    for (const { points } of ways) expect(points[2]).toBe(points[4]);
  });

  test('leave lines alone that do not meet, and never push one into a box', () => {
    const ways = [upright(1, 100, 0, 40), upright(2, 100, 60, 90)];
    spread(ways, () => []);
    expect(ways.map(({ points }) => points[2])).toEqual([100, 100]);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(30), fc.nat(200), fc.nat(200)), { maxLength: 30 }), (given) => {
        const crowd = given.map(([group, from, to]) => upright(group, 100, from, to + 1));
        const walls: Rect[] = [
          { x: 0, y: 0, width: 80, height: 400 },
          { x: 150, y: 0, width: 80, height: 400 },
        ];
        spread(crowd, () => walls);
        for (const { points } of crowd) {
          expect(points[2]).toBeGreaterThanOrEqual(80);
          expect(points[2]).toBeLessThanOrEqual(150);
        }
      }),
    );
  });
});

describe('a corner', () => {
  test('is rounded no wider than half of the pieces beside it', () => {
    const pieces: number[][] = [];
    eachCorner(Float32Array.from([0, 0, 6, 0, 6, 100, 50, 100]), (...piece) => pieces.push(piece));
    expect(pieces).toEqual([
      [3, 0, 6, 0, 6, 3],
      [6, 92, 6, 100, 14, 100],
    ]);
  });
});

describe('a scene of which lines were led round later', () => {
  test('takes the ways over when it is the same arrangement, and only then', () => {
    const { scene } = draw(believableModel(), { sweeps: 24 });
    const routes = allRoutes(scene);
    const { placed } = scene;
    expect(scene.takeRoutes({ ...placed, x: placed.x.map((x) => x + 1), routes })).toBe(false);
    expect(scene.takeRoutes({ ...placed, tables: placed.tables.slice(1), routes })).toBe(false);
    expect(scene.takeRoutes({ ...placed })).toBe(false);
    expect(scene.line(0).points).toBeUndefined();
    expect(scene.takeRoutes({ ...placed, routes })).toBe(true);
    expect([...scene.relations.keys()].some((index) => scene.line(index).points)).toBe(true);
  });

  test('keeps what was moved by hand where it is in its region', () => {
    const before = draw(believableModel(), { sweeps: 2 }).scene;
    const after = draw(believableModel(), { sweeps: 24 }).scene;
    const at = 3;
    const region = (scene: Scene) =>
      scene.placed.regions.find(({ schema }) => schema === scene.table(at).schema) as Rect;
    before.move(at, region(before).x + 500, region(before).y + 300);
    after.moveLike(before);
    expect(after.rect(at)).toMatchObject({ x: region(after).x + 500, y: region(after).y + 300 });
  });
});

describe('columns of the layout', () => {
  test('what only one table needs stands beside it, however far right that is', () => {
    const size = { width: 100, height: 60 };
    // 1 → 0, 2 → 1, 3 → 2: a chain; 4 is needed by the last of it alone.
    const { x } = layered(
      [size, size, size, size, size],
      [
        [1, 0],
        [2, 1],
        [3, 2],
        [3, 4],
      ],
      8,
    );
    expect(x[4]).toBe(x[2]);
    expect(x[4]).toBeLessThan(x[3] ?? 0);
  });
});

describe('what extensions bring', () => {
  const model = believableModel();
  const [first, ...others] = model.tables;
  if (first) first.extension = 'postgis';

  test('is not drawn unless asked for', () => {
    const diagram = digest(model);
    const place = diagram.tables.findIndex(({ oid }) => oid === first?.oid);
    expect(visibleTables(diagram, everything)).not.toContain(place);
    expect(visibleTables(diagram, { ...everything, extensions: true })).toContain(place);
  });

  test('is drawn where there is nothing else', () => {
    const all = {
      ...model,
      types: [],
      tables: [first, ...others].flatMap((one) => (one ? [{ ...one, extension: 'x' }] : [])),
    };
    const diagram = digest(all);
    expect(visibleTables(diagram, everything)).toHaveLength(diagram.tables.length);
  });
});

test('a rectangle holds another only when all of it is inside', () => {
  const outer = { x: 0, y: 0, width: 10, height: 10 };
  expect(holds(outer, { x: 0, y: 0, width: 10, height: 10 })).toBe(true);
  expect(holds(outer, { x: 1, y: 1, width: 10, height: 2 })).toBe(false);
});
