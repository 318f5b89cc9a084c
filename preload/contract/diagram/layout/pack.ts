export interface Size {
  width: number;
  height: number;
}

export interface Packed extends Size {
  /** Upper left corners, in the order of the sizes. */
  x: Float64Array;
  y: Float64Array;
}

/**
 * Puts rectangles beside and below each other without overlaps, in about the shape of `aspect` (width to height).
 * Of a few widths takes the one with which all of it shows largest. Deterministic.
 */
export function pack(sizes: readonly Size[], gap: number, aspect: number): Packed {
  const area = sizes.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
  const widest = sizes.reduce((most, { width }) => Math.max(most, width), 0);
  const ideal = Math.sqrt(area * aspect);
  const extent = ({ width, height }: Size): number => Math.max(width, height * aspect);
  let best: Packed | undefined;
  // Many small rectangles fill any width about equally well.
  for (const factor of sizes.length > 400 ? [1.02] : [1.02, 1.15, 1.3, 1.5, 1.75, 2.1]) {
    const packed = packInto(sizes, gap, Math.max(widest, ideal * factor) + gap);
    if (!best || extent(packed) < extent(best) * 0.99) best = packed;
  }
  return best ?? { x: new Float64Array(), y: new Float64Array(), width: 0, height: 0 };
}

/** Tall ones first, each as high up as it goes above a skyline. */
function packInto(sizes: readonly Size[], gap: number, limit: number): Packed {
  const order = sizes.map((_, place) => place);
  order.sort(
    (a, b) =>
      (sizes[b]?.height ?? 0) - (sizes[a]?.height ?? 0) ||
      (sizes[b]?.width ?? 0) - (sizes[a]?.width ?? 0) ||
      a - b,
  );

  const x = new Float64Array(sizes.length);
  const y = new Float64Array(sizes.length);
  let skyline: { x: number; width: number; y: number }[] = [{ x: 0, width: limit, y: 0 }];
  let right = 0;
  let bottom = 0;
  for (const place of order) {
    const size = sizes[place] as Size;
    const width = size.width + gap;
    let best = { at: 0, y: Number.POSITIVE_INFINITY };
    for (let at = 0; at < skyline.length; at += 1) {
      const start = skyline[at]?.x ?? 0;
      if (start + width > limit + 0.01) break;
      let top = 0;
      for (
        let over = at;
        over < skyline.length && (skyline[over]?.x ?? 0) < start + width - 0.01;
        over += 1
      ) {
        top = Math.max(top, skyline[over]?.y ?? 0);
      }
      if (top < best.y - 0.01) best = { at, y: top };
    }
    const left = skyline[best.at]?.x ?? 0;
    x[place] = left;
    y[place] = best.y;
    skyline = raise(skyline, left, width, best.y + size.height + gap);
    right = Math.max(right, left + size.width);
    bottom = Math.max(bottom, best.y + size.height);
  }
  return { x, y, width: right, height: bottom };
}

function raise(
  skyline: readonly { x: number; width: number; y: number }[],
  x: number,
  width: number,
  y: number,
): { x: number; width: number; y: number }[] {
  const next: { x: number; width: number; y: number }[] = [];
  const end = x + width;
  let isPlaced = false;
  for (const part of skyline) {
    const partEnd = part.x + part.width;
    if (partEnd <= x + 0.01 || part.x >= end - 0.01) {
      next.push(part);
      continue;
    }
    if (part.x < x - 0.01) next.push({ x: part.x, width: x - part.x, y: part.y });
    if (!isPlaced) next.push({ x, width, y });
    isPlaced = true;
    if (partEnd > end + 0.01) next.push({ x: end, width: partEnd - end, y: part.y });
  }
  return next;
}

/** Puts rectangles into columns of equal width, each into the shortest one, in their order. */
export function masonry(sizes: readonly Size[], gap: number, across: number): Packed {
  const x = new Float64Array(sizes.length);
  const y = new Float64Array(sizes.length);
  const column = sizes.reduce((most, { width }) => Math.max(most, width), 0);
  const columns = Math.max(1, Math.min(sizes.length, Math.floor((across + gap) / (column + gap))));
  const ends = new Float64Array(columns);
  let bottom = 0;
  for (const [place, size] of sizes.entries()) {
    let shortest = 0;
    for (let one = 1; one < columns; one += 1)
      if ((ends[one] ?? 0) < (ends[shortest] ?? 0) - 0.01) shortest = one;
    x[place] = shortest * (column + gap);
    y[place] = ends[shortest] ?? 0;
    ends[shortest] = (ends[shortest] ?? 0) + size.height + gap;
    bottom = Math.max(bottom, (y[place] ?? 0) + size.height);
  }
  return { x, y, width: sizes.length === 0 ? 0 : columns * (column + gap) - gap, height: bottom };
}
