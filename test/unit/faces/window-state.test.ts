import { expect, test } from 'vitest';
import { type Rectangle, smallest, stateOf, windowBounds } from '../../../main/faces/desktop/window-state.ts';

const primary: Rectangle = { x: 0, y: 25, width: 1920, height: 1055 };
const second: Rectangle = { x: 1920, y: 0, width: 2560, height: 1440 };

test('the first window is of a usual size, placed by the system', () => {
  expect(windowBounds(undefined, [primary])).toEqual({ width: 1440, height: 900 });
});

test('a window opens where it was left, on whichever display that is', () => {
  const saved = { x: 2100, y: 100, width: 1600, height: 1000, maximized: false };
  expect(windowBounds(saved, [primary, second])).toEqual({ x: 2100, y: 100, width: 1600, height: 1000 });
});

test('a window on a display that is gone comes back to the primary one', () => {
  const saved = { x: 2100, y: 100, width: 2400, height: 1400, maximized: false };
  expect(windowBounds(saved, [primary])).toEqual({ width: 1920, height: 1055 });
});

test('a window whose top edge is out of reach is placed anew', () => {
  for (const [x, y] of [
    [-1500, 100],
    [1850, 100],
    [100, -400],
    [100, 1060],
  ] as const) {
    const bounds = windowBounds({ x, y, width: 1500, height: 800, maximized: false }, [primary]);
    expect(bounds).toEqual({ width: 1500, height: 800 });
  }
});

test('nonsense sizes are brought to what can be used', () => {
  expect(windowBounds({ width: 3, height: -5, maximized: false }, [primary])).toEqual(smallest);
  const huge = { x: 0, y: 25, width: 1e6, height: 1e6, maximized: false };
  expect(windowBounds(huge, [primary])).toEqual({ x: 0, y: 25, width: 1920, height: 1055 });
});

test('what is kept is the place a maximised window goes back to', () => {
  const window = {
    getNormalBounds: () => ({ x: 1, y: 2, width: 1000, height: 700 }),
    isMaximized: () => true,
  };
  expect(stateOf(window)).toEqual({ x: 1, y: 2, width: 1000, height: 700, maximized: true });
});
