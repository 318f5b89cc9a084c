import type { WindowState } from '../../settings/index.ts';

/** A rectangle in device-independent pixels. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The smallest window in which every screen can be used. */
export const smallest = { width: 960, height: 600 };

const usual = { width: 1440, height: 900 };

/** This much of a window's top edge must lie on a display, or nobody could take hold of it. */
const graspable = 120;

/**
 * Where to open the window: as it was left, but never larger than its display and never out of reach, as when a
 * display was unplugged since. Without `x` and `y` the system centres it.
 *
 * @param workAreas the usable part of each display, the primary one first.
 */
export function windowBounds(
  saved: WindowState | undefined,
  workAreas: readonly Rectangle[],
): Partial<Rectangle> & { width: number; height: number } {
  const wanted = { ...usual, ...saved };
  const { x, y } = wanted;
  const home =
    x === undefined || y === undefined
      ? undefined
      : workAreas.find((area) => isReachable({ ...wanted, x, y }, area));
  const area = home ?? workAreas[0] ?? { x: 0, y: 0, ...usual };
  const size = {
    width: Math.min(Math.max(wanted.width, smallest.width), area.width),
    height: Math.min(Math.max(wanted.height, smallest.height), area.height),
  };
  return home && x !== undefined && y !== undefined ? { x, y, ...size } : size;
}

/** What is kept of a window: its place when not maximised, and whether it was. */
export function stateOf(window: { getNormalBounds(): Rectangle; isMaximized(): boolean }): WindowState {
  const { x, y, width, height } = window.getNormalBounds();
  return { x, y, width, height, maximized: window.isMaximized() };
}

function isReachable(window: Rectangle, area: Rectangle): boolean {
  const visible = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return visible >= graspable && window.y >= area.y && window.y <= area.y + area.height - graspable;
}
