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
