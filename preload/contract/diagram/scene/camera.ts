export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What part of the diagram is in sight: the point in the upper left corner, and px per unit. */
export interface Camera {
  x: number;
  y: number;
  scale: number;
}

export const scales = { smallest: 0.005, largest: 2.5 } as const;

export const clampScale = (scale: number, smallest: number = scales.smallest): number =>
  Math.min(scales.largest, Math.max(smallest, scale));

/** The camera that shows all of a rectangle in a window of this size, no larger than life. */
export function fitted(rect: Rect, width: number, height: number, margin = 24, largest = 1): Camera {
  const scale = clampScale(
    Math.min(
      largest,
      Math.max(1, width - margin * 2) / Math.max(1, rect.width),
      Math.max(1, height - margin * 2) / Math.max(1, rect.height),
    ),
  );
  return {
    x: rect.x + rect.width / 2 - width / 2 / scale,
    y: rect.y + rect.height / 2 - height / 2 / scale,
    scale,
  };
}

/** The camera zoomed by a factor while the point at `px`, `py` of the window stays where it is. */
export function zoomed(camera: Camera, factor: number, px: number, py: number): Camera {
  const scale = clampScale(camera.scale * factor);
  return {
    x: camera.x + px / camera.scale - px / scale,
    y: camera.y + py / camera.scale - py / scale,
    scale,
  };
}

/** The camera that shows a rectangle, moved as little as need be, at a scale of at least `atLeast`. */
export function revealed(camera: Camera, rect: Rect, width: number, height: number, atLeast = 0): Camera {
  const margin = 32;
  if (camera.scale < atLeast) {
    return {
      x: rect.x + rect.width / 2 - width / 2 / atLeast,
      y: rect.y + Math.min(rect.height / 2, height / 2 / atLeast - margin) - height / 2 / atLeast,
      scale: atLeast,
    };
  }
  const { scale } = camera;
  const shift = (start: number, size: number, from: number, room: number): number => {
    const edge = margin / scale;
    if (start < from + edge) return start - edge;
    if (start + size > from + room - edge) return Math.min(start - edge, start + size - room + edge);
    return from;
  };
  return {
    x: shift(rect.x, rect.width, camera.x, width / scale),
    y: shift(rect.y, rect.height, camera.y, height / scale),
    scale,
  };
}

export const inSight = (camera: Camera, width: number, height: number): Rect => ({
  x: camera.x,
  y: camera.y,
  width: width / camera.scale,
  height: height / camera.scale,
});

/** Whether two rectangles have anything in common. */
export const touches = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && a.x + a.width > b.x && a.y < b.y + b.height && a.y + a.height > b.y;

/** Whether a rectangle lies in another one. */
export const holds = (outer: Rect, inner: Rect): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

/** The least rectangle that holds all of some. */
export function around(rects: readonly Rect[]): Rect {
  if (rects.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const { x, y, width, height } of rects) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
