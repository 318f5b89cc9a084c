import type { Diagram } from '../model/diagram.ts';
import { layered } from './layered.ts';
import { masonry, type Packed, pack, type Size } from './pack.ts';

/** A schema's part of the diagram. */
export interface Region {
  /** Place in `Diagram.schemas`. */
  schema: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  /** Upper left corners of the boxes, in the order of `visible`. */
  x: Float64Array;
  y: Float64Array;
  regions: Region[];
}

/** Room round the boxes of a region; its label stands in the upper part. */
export const regionPadding = 40;
export const regionLabel = 64;
export const betweenRegions = 140;
const betweenComponents = 88;
const betweenSingles = 28;

/**
 * Where the boxes go: each schema is a region; in it, tables that hang together are laid out in columns and packed,
 * and those that stand alone follow in a grid. The same input gives the same layout.
 *
 * @param visible places of tables
 * @param sizes of their boxes, in the same order
 * @param sweeps how thoroughly lines are shortened; 2 for the first picture
 */
export function layout(
  diagram: Pick<Diagram, 'tables' | 'relations'>,
  visible: readonly number[],
  sizes: readonly Size[],
  sweeps: number,
): Layout {
  const index = new Map(visible.map((place, at) => [place, at]));
  const bySchema = new Map<number, number[]>();
  for (const [at, place] of visible.entries()) {
    const schema = diagram.tables[place]?.schema ?? 0;
    const members = bySchema.get(schema);
    if (members) members.push(at);
    else bySchema.set(schema, [at]);
  }
  const edges = edgesWithin(diagram, index);

  const x = new Float64Array(visible.length);
  const y = new Float64Array(visible.length);
  const regions: Region[] = [];
  const schemas = [...bySchema.keys()].sort((a, b) => a - b);
  for (const schema of schemas) {
    const members = bySchema.get(schema) ?? [];
    const inside = layoutRegion(members, sizes, edges, sweeps);
    for (const [at, member] of members.entries()) {
      x[member] = (inside.x[at] ?? 0) + regionPadding;
      y[member] = (inside.y[at] ?? 0) + regionLabel;
    }
    regions.push({
      schema,
      x: 0,
      y: 0,
      width: inside.width + regionPadding * 2,
      height: inside.height + regionLabel + regionPadding,
    });
  }
  const packed = pack(regions, betweenRegions, 1.7);
  for (const [at, region] of regions.entries()) {
    region.x = Math.round(packed.x[at] ?? 0);
    region.y = Math.round(packed.y[at] ?? 0);
    for (const member of bySchema.get(region.schema) ?? []) {
      x[member] = (x[member] ?? 0) + region.x;
      y[member] = (y[member] ?? 0) + region.y;
    }
  }
  return { x, y, regions };
}

/** For each box the boxes of its own schema that it refers to. Views and enums count less than keys: they hang on. */
function edgesWithin(
  diagram: Pick<Diagram, 'tables' | 'relations'>,
  index: ReadonlyMap<number, number>,
): number[][] {
  const edges: number[][] = Array.from({ length: index.size }, () => []);
  for (const { from, to } of diagram.relations) {
    if (from === to || diagram.tables[from]?.schema !== diagram.tables[to]?.schema) continue;
    const a = index.get(from);
    const b = index.get(to);
    if (a !== undefined && b !== undefined) edges[a]?.push(b);
  }
  return edges;
}

function layoutRegion(
  members: readonly number[],
  sizes: readonly Size[],
  edges: readonly (readonly number[])[],
  sweeps: number,
): Packed {
  const { components, singles } = connectedParts(members, edges);
  const parts = components.map((component) => {
    const local = new Map(component.map((member, at) => [member, at]));
    const inner: [number, number][] = [];
    for (const member of component) {
      for (const other of edges[member] ?? []) inner.push([local.get(member) ?? 0, local.get(other) ?? 0]);
    }
    return layered(
      component.map((member) => sizes[member] as Size),
      inner,
      sweeps,
    );
  });
  const packed = pack(parts, betweenComponents, 1.5);
  const alone = singles.map((member) => sizes[member] as Size);
  const across = parts.length > 0 ? Math.max(packed.width, gridWidth(alone) * 0.6) : gridWidth(alone);
  const grid = masonry(alone, betweenSingles, across);
  const down = parts.length > 0 ? packed.height + betweenComponents : 0;

  const places = new Map(members.map((member, at) => [member, at]));
  const x = new Float64Array(members.length);
  const y = new Float64Array(members.length);
  for (const [at, component] of components.entries()) {
    for (const [inner, member] of component.entries()) {
      const place = places.get(member) ?? 0;
      x[place] = (packed.x[at] ?? 0) + (parts[at]?.x[inner] ?? 0);
      y[place] = (packed.y[at] ?? 0) + (parts[at]?.y[inner] ?? 0);
    }
  }
  for (const [at, member] of singles.entries()) {
    const place = places.get(member) ?? 0;
    x[place] = grid.x[at] ?? 0;
    y[place] = down + (grid.y[at] ?? 0);
  }
  return {
    x,
    y,
    width: Math.max(packed.width, grid.width),
    height: singles.length > 0 ? down + grid.height : packed.height,
  };
}

function gridWidth(sizes: readonly Size[]): number {
  const area = sizes.reduce(
    (sum, { width, height }) => sum + (width + betweenSingles) * (height + betweenSingles),
    0,
  );
  return Math.sqrt(area * 1.6);
}

/** What hangs together, largest first, and what stands alone. */
function connectedParts(
  members: readonly number[],
  edges: readonly (readonly number[])[],
): { components: number[][]; singles: number[] } {
  const parent = new Map(members.map((member) => [member, member]));
  const find = (member: number): number => {
    let root = member;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    for (let at = member; at !== root; ) {
      const up = parent.get(at) ?? root;
      parent.set(at, root);
      at = up;
    }
    return root;
  };
  for (const member of members) {
    for (const other of edges[member] ?? []) {
      const a = find(member);
      const b = find(other);
      if (a !== b) parent.set(Math.max(a, b), Math.min(a, b));
    }
  }
  const groups = new Map<number, number[]>();
  for (const member of members) {
    const root = find(member);
    const group = groups.get(root);
    if (group) group.push(member);
    else groups.set(root, [member]);
  }
  const components: number[][] = [];
  const singles: number[] = [];
  for (const group of groups.values()) {
    if (group.length === 1) singles.push(group[0] as number);
    else components.push(group);
  }
  components.sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0));
  return { components, singles };
}
