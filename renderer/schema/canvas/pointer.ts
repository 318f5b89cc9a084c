import { measures } from '../../../preload/contract/diagram/scene/boxes.ts';
import { type Camera, holds, type Rect, zoomed } from '../../../preload/contract/diagram/scene/camera.ts';
import { levels } from '../../../preload/contract/diagram/scene/lod.ts';
import { leadLinesOf } from '../../../preload/contract/diagram/scene/routes.ts';
import type { Scene } from '../../../preload/contract/diagram/scene/scene.ts';
import type { Minimap } from './minimap.ts';
import { hoverWords, lineAt } from './pointed-at.ts';
import type { Steering } from './steering.ts';

/** Px that a press may wander before it is a drag. */
const slack = 4;

interface Drag {
  px: number;
  py: number;
  camera: Camera;
  at: number | undefined;
  rect: Rect | undefined;
  moved: boolean;
}

/** Turns presses, the wheel and presses on the map into moves of the camera, of the selection and of boxes. */
export class Pointer {
  readonly #view: Steering;
  readonly #map: Minimap;
  #drag: Drag | undefined;
  #onRest: (() => void) | undefined;

  constructor(view: Steering, minimap: HTMLCanvasElement, map: Minimap, signal: AbortSignal) {
    this.#view = view;
    this.#map = map;
    const { canvas } = view;
    canvas.addEventListener('pointerdown', (event) => this.#onDown(event), { signal });
    canvas.addEventListener('pointermove', (event) => this.#onMove(event), { signal });
    canvas.addEventListener('pointerup', (event) => this.#onUp(event), { signal });
    canvas.addEventListener('pointercancel', () => this.cancelDrag(), { signal });
    canvas.addEventListener('pointerleave', () => this.#hover(undefined, undefined), { signal });
    canvas.addEventListener('dblclick', (event) => this.#onDouble(event), { signal });
    canvas.addEventListener('wheel', (event) => this.#onWheel(event), { signal, passive: false });
    minimap.addEventListener('pointerdown', (event) => this.#onMapPress(event, minimap), { signal });
    minimap.addEventListener(
      'pointermove',
      (event) => event.buttons === 1 && this.#onMapPress(event, minimap),
      { signal },
    );
  }

  get isDragging(): boolean {
    return this.#drag !== undefined;
  }

  /** Does something once nothing is dragged any more; only what was asked for last. */
  whenAtRest(act: () => void): void {
    if (this.#drag) this.#onRest = act;
    else act();
  }

  #rest(): void {
    const act = this.#onRest;
    this.#onRest = undefined;
    act?.();
  }

  /** The box at a point; of those on each other the selected one, which is drawn uppermost. */
  #hit(x: number, y: number): number | undefined {
    const { scene, highlights } = this.#view;
    const selected = highlights.selected === undefined ? undefined : scene?.rect(highlights.selected);
    if (selected && holds(selected, { x, y, width: 0, height: 0 })) return highlights.selected;
    return scene?.hit(x, y);
  }

  #point(event: MouseEvent): { px: number; py: number; x: number; y: number } {
    const { left, top } = this.#view.canvas.getBoundingClientRect();
    const px = event.clientX - left;
    const py = event.clientY - top;
    return {
      px,
      py,
      x: this.#view.camera.x + px / this.#view.camera.scale,
      y: this.#view.camera.y + py / this.#view.camera.scale,
    };
  }

  #onDown(event: PointerEvent): void {
    if (event.button > 1) return;
    const { px, py, x, y } = this.#point(event);
    const at = event.button === 0 ? this.#hit(x, y) : undefined;
    const rect = at === undefined ? undefined : this.#view.scene?.rect(at);
    this.#view.canvas.setPointerCapture(event.pointerId);
    this.#drag = { px, py, camera: this.#view.camera, at, rect, moved: false };
  }

  #onMove(event: PointerEvent): void {
    const { px, py, x, y } = this.#point(event);
    const drag = this.#drag;
    const scene = this.#view.scene;
    if (!scene) return;
    if (!drag) {
      const at = this.#hit(x, y);
      this.#hover(
        at,
        at === undefined ? lineAt(scene, x, y, this.#view.camera.scale) : undefined,
        at === undefined ? undefined : { x, y },
      );
      return;
    }
    const dx = px - drag.px;
    const dy = py - drag.py;
    if (!drag.moved && Math.hypot(dx, dy) < slack) return;
    drag.moved = true;
    const { scale } = this.#view.camera;
    if (drag.at !== undefined && drag.rect) {
      this.#view.canvas.style.cursor = 'grabbing';
      scene.move(drag.at, Math.round(drag.rect.x + dx / scale), Math.round(drag.rect.y + dy / scale));
      this.#view.invalidate();
    } else {
      this.#view.canvas.style.cursor = 'grabbing';
      this.#view.setCamera({ ...drag.camera, x: drag.camera.x - dx / scale, y: drag.camera.y - dy / scale });
    }
  }

  #onUp(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = undefined;
    this.#view.canvas.style.cursor = '';
    if (!drag) return;
    this.#finish(drag, event);
    this.#rest();
  }

  #finish(drag: Drag, event: PointerEvent): void {
    const { scene } = this.#view;
    if (drag.moved) {
      const table = drag.at === undefined ? undefined : scene?.placed.tables[drag.at];
      if (table === undefined || drag.at === undefined) return;
      if (scene) leadLinesOf(scene, drag.at);
      this.#view.forgetMap();
      this.#view.selectBox(drag.at);
      this.#view.events.onMoved(table);
      return;
    }
    if (event.button !== 0 || !scene) return;
    this.#view.selectBox(drag.at);
    const { y } = this.#point(event);
    // The header of a partitioned table holds its count; a second press on it opens the list.
    if (drag.at !== undefined && scene.table(drag.at).kind === 'partitioned')
      this.#pressPartitions(scene, drag.at, event, y);
  }

  #pressPartitions(scene: Scene, at: number, event: PointerEvent, y: number): void {
    const rect = scene.rect(at);
    const { x } = this.#point(event);
    if (
      this.#view.camera.scale < levels.near ||
      y > rect.y + measures.header ||
      x < rect.x + rect.width * 0.6
    )
      return;
    this.#view.events.onToggleOpened(scene.placed.tables[at] ?? 0);
  }

  cancelDrag(): void {
    const drag = this.#drag;
    this.#drag = undefined;
    this.#view.canvas.style.cursor = '';
    if (drag?.moved && drag.at !== undefined && drag.rect)
      this.#view.scene?.move(drag.at, drag.rect.x, drag.rect.y);
    this.#view.invalidate();
    this.#rest();
  }

  #onDouble(event: MouseEvent): void {
    const { x, y } = this.#point(event);
    const at = this.#hit(x, y);
    const table = at === undefined ? undefined : this.#view.scene?.placed.tables[at];
    if (table !== undefined) this.#view.events.onInspect(table);
  }

  #onWheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 18 : 1;
    if (event.ctrlKey || event.metaKey) {
      const { px, py } = this.#point(event);
      const step = Math.max(-120, Math.min(120, event.deltaY * lines));
      this.#view.setCamera(zoomed(this.#view.camera, Math.exp(-step * 0.004), px, py));
      return;
    }
    const [dx, dy] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    const { scale } = this.#view.camera;
    this.#view.setCamera({
      ...this.#view.camera,
      x: this.#view.camera.x + (dx * lines) / scale,
      y: this.#view.camera.y + (dy * lines) / scale,
    });
  }

  #onMapPress(event: PointerEvent, minimap: HTMLCanvasElement): void {
    if (event.type === 'pointerdown') minimap.setPointerCapture(event.pointerId);
    const { left, top } = minimap.getBoundingClientRect();
    const { x, y } = this.#map.pointAt(event.clientX - left, event.clientY - top);
    const { scale } = this.#view.camera;
    this.#view.setCamera({
      scale,
      x: x - this.#view.width / 2 / scale,
      y: y - this.#view.height / 2 / scale,
    });
  }

  #hover(
    hovered: number | undefined,
    hoveredLine: number | undefined,
    point?: { x: number; y: number },
  ): void {
    const scene = this.#view.scene;
    this.#view.canvas.style.cursor = hovered === undefined ? '' : 'pointer';
    if (scene)
      this.#view.events.onHover(hoverWords(scene, hovered, hoveredLine, point, this.#view.camera.scale));
    if (hovered === this.#view.highlights.hovered && hoveredLine === this.#view.highlights.hoveredLine)
      return;
    this.#view.setHighlights({ hovered, hoveredLine });
  }
}
