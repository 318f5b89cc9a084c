import { leadLinesOf } from '../../../preload/contract/diagram/scene/routes.ts';
import type { Scene } from '../../../preload/contract/diagram/scene/scene.ts';
import { boxTowards, type Direction, relatedBoxes } from '../../../preload/contract/diagram/scene/walk.ts';
import type { Pointer } from './pointer.ts';
import type { Steering } from './steering.ts';

/** Units that shift and an arrow move a box by. */
const nudge = 20;

/** Walks the diagram by keys. */
export class Keys {
  readonly #view: Steering;
  readonly #pointer: Pointer;
  /** The walk over relations by Tab: where it started, and which one is next. */
  #walk: { from: number; next: number } | undefined;

  constructor(view: Steering, host: HTMLElement, pointer: Pointer, signal: AbortSignal) {
    this.#view = view;
    this.#pointer = pointer;
    host.addEventListener('keydown', (event) => this.#onKey(event), { signal });
    host.addEventListener('focus', () => view.setHighlights({ focused: host.matches(':focus-visible') }), {
      signal,
    });
    host.addEventListener('blur', () => view.setHighlights({ focused: false }), { signal });
  }

  /** Another table was selected, or another picture is shown: a walk ends. */
  endWalk(): void {
    this.#walk = undefined;
  }

  #onKey(event: KeyboardEvent): void {
    const scene = this.#view.scene;
    if (!scene || event.defaultPrevented || event.altKey) return;
    const done = (): void => {
      event.preventDefault();
      this.#view.setHighlights({ focused: true });
    };
    const direction = arrows[event.key];
    const { selected } = this.#view.highlights;
    const table = this.#view.selectedTable;
    if (direction) {
      if (event.shiftKey && selected !== undefined) this.#nudge(scene, selected, direction);
      else if (event.ctrlKey || event.metaKey) this.#pan(direction);
      else this.#step(scene, selected, direction);
      done();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    switch (event.key) {
      case 'Tab':
        if (this.#followRelations(scene, selected, event.shiftKey)) done();
        return;
      case 'Enter':
        if (table !== undefined) this.#view.events.onInspect(table);
        done();
        return;
      case '+':
      case '=':
        this.#view.zoomBy(1.25);
        done();
        return;
      case '-':
        this.#view.zoomBy(0.8);
        done();
        return;
      case '0':
        this.#view.zoomBy(1 / this.#view.camera.scale);
        done();
        return;
      case 'Home':
        this.#view.fit();
        done();
        return;
      case ' ':
        this.#view.fitSelected();
        done();
        return;
      case 'f':
        if (table !== undefined) this.#view.events.onFocusMode(table);
        done();
        return;
      case 'o':
        if (table !== undefined && selected !== undefined && scene.table(selected).kind === 'partitioned') {
          this.#view.events.onToggleOpened(table);
        }
        done();
        return;
      case 'Escape':
        if (this.#pointer.isDragging) this.#pointer.cancelDrag();
        else if (!this.#view.events.onEscape()) return;
        done();
        return;
    }
  }

  #nudge(scene: Scene, at: number, direction: Direction): void {
    const { x, y } = scene.rect(at);
    const [dx, dy] = vectors[direction];
    scene.move(at, x + dx * nudge, y + dy * nudge);
    leadLinesOf(scene, at);
    this.#view.forgetMap();
    this.#view.reveal(at);
    this.#view.invalidate();
    this.#view.events.onMoved(scene.placed.tables[at] ?? 0);
  }

  #pan(direction: Direction): void {
    const [dx, dy] = vectors[direction];
    const { scale } = this.#view.camera;
    this.#view.setCamera({
      ...this.#view.camera,
      x: this.#view.camera.x + (dx * this.#view.width * 0.25) / scale,
      y: this.#view.camera.y + (dy * this.#view.height * 0.25) / scale,
    });
  }

  #step(scene: Scene, selected: number | undefined, direction: Direction): void {
    const next =
      selected === undefined
        ? this.#view.nearest(
            this.#view.camera.x + this.#view.width / 2 / this.#view.camera.scale,
            this.#view.camera.y + this.#view.height / 2 / this.#view.camera.scale,
          )
        : boxTowards(scene, selected, direction);
    if (next === undefined) return;
    this.#view.selectBox(next);
    this.#view.reveal(next);
  }

  /**
   * Goes to the next box that the one where the walk began is related to. After the last one, or before the first, the key
   * is left to the window, so that Tab still leaves the diagram.
   */
  #followRelations(scene: Scene, selected: number | undefined, back: boolean): boolean {
    if (selected === undefined) return false;
    const walk = this.#walk ?? { from: selected, next: -1 };
    const related = relatedBoxes(scene, walk.from);
    const next = walk.next + (back ? -1 : 1);
    const at = next === -1 && this.#walk ? walk.from : related[next];
    if (at === undefined) {
      this.#walk = undefined;
      return false;
    }
    // Selecting ends a walk; this one goes on.
    this.#view.selectBox(at);
    this.#walk = { from: walk.from, next };
    this.#view.reveal(at);
    return true;
  }
}

const arrows: Partial<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

const vectors: Record<Direction, readonly [number, number]> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};
