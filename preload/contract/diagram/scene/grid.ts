import type { Rect } from './camera.ts';

const cell = 640;

/** Which boxes touch a rectangle, without looking at all of them: a grid of cells, each with the boxes in it. */
export class Grid {
  readonly #cells = new Map<number, number[]>();
  readonly #rects: (at: number) => Rect;

  constructor(size: number, rects: (at: number) => Rect) {
    this.#rects = rects;
    for (let at = 0; at < size; at += 1) this.add(at);
  }

  add(at: number): void {
    this.#each(this.#rects(at), (key) => {
      const members = this.#cells.get(key);
      if (members) members.push(at);
      else this.#cells.set(key, [at]);
    });
  }

  /** Takes a box out; `rect` is where it was added. */
  remove(at: number, rect: Rect): void {
    this.#each(rect, (key) => {
      const members = this.#cells.get(key);
      const place = members?.indexOf(at) ?? -1;
      if (place >= 0) members?.splice(place, 1);
    });
  }

  /** Boxes that touch the rectangle, ascending, each once. */
  query(rect: Rect): number[] {
    const found = new Set<number>();
    const touch = (at: number): void => {
      const box = this.#rects(at);
      if (
        box.x < rect.x + rect.width &&
        box.x + box.width > rect.x &&
        box.y < rect.y + rect.height &&
        box.y + box.height > rect.y
      ) {
        found.add(at);
      }
    };
    // A view of everything has more cells than there are boxes.
    if ((rect.width / cell + 2) * (rect.height / cell + 2) > this.#cells.size) {
      for (const members of this.#cells.values()) for (const at of members) touch(at);
    } else {
      this.#each(rect, (key) => {
        for (const at of this.#cells.get(key) ?? []) touch(at);
      });
    }
    return [...found].sort((a, b) => a - b);
  }

  #each(rect: Rect, visit: (key: number) => void): void {
    const right = Math.floor((rect.x + rect.width) / cell);
    const bottom = Math.floor((rect.y + rect.height) / cell);
    for (let column = Math.floor(rect.x / cell); column <= right; column += 1) {
      for (let row = Math.floor(rect.y / cell); row <= bottom; row += 1) {
        visit((column + 0x8000) * 0x10000 + (row + 0x8000));
      }
    }
  }
}
