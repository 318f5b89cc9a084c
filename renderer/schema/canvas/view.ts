import type { BoxMaker } from '../layout/arrange.ts';
import { type Diagram, Flag } from '../model/diagram.ts';
import { measures } from '../scene/boxes.ts';
import { type Camera, fitted, type Rect, revealed, zoomed } from '../scene/camera.ts';
import { levels } from '../scene/lod.ts';
import { around, distanceTo, type Placed, Scene } from '../scene/scene.ts';
import { boxTowards, type Direction, relatedBoxes } from '../scene/walk.ts';
import { Minimap } from './minimap.ts';
import { type Highlights, paint, type UnitMeasures } from './paint.ts';
import { type Palette, readPalette } from './palette.ts';

/** What the view tells of. Tables by their place in the diagram. */
export interface ViewEvents {
  onSelect: (table: number | undefined) => void;
  /** The inspector is asked for. */
  onInspect: (table: number) => void;
  onMoved: (table: number) => void;
  onToggleOpened: (table: number) => void;
  onFocusMode: (table: number) => void;
  onZoom: (scale: number) => void;
  /** What is pointed at, in words; undefined for nothing. */
  onHover: (text: string | undefined) => void;
  /** Esc with nothing of the view's own left to undo. */
  onEscape: () => void;
}

/** Px that a press may wander before it is a drag. */
const slack = 4;
/** Units that shift and an arrow move a box by. */
const nudge = 20;

/**
 * The diagram's canvas: draws when something has changed, once a frame at most, and turns presses and keys into moves of
 * the camera, of the selection and of boxes. Knows nothing of React.
 */
export class DiagramView {
  readonly #canvas: HTMLCanvasElement;
  /** Round the canvas; has the keyboard. */
  readonly #host: HTMLElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #minimap: Minimap;
  readonly #events: ViewEvents;
  readonly #stop = new AbortController();
  readonly #observers: { disconnect: () => void }[] = [];
  #measure: UnitMeasures | undefined;
  #palette: Palette;
  #scene: Scene | undefined;
  #camera: Camera = { x: 0, y: 0, scale: 1 };
  #width = 0;
  #height = 0;
  #ratio = 1;
  #frame = 0;
  #highlights: Highlights = {
    selected: undefined,
    hovered: undefined,
    hoveredLine: undefined,
    focused: false,
  };
  #drag: Drag | undefined;
  /** The walk over relations by Tab: where it started, and which one is next. */
  #walk: { from: number; next: number } | undefined;
  /** Whether the camera is still where `fit` put it: then it follows when the picture or the window changes. */
  #isFitted = true;

  constructor(host: HTMLElement, canvas: HTMLCanvasElement, minimap: HTMLCanvasElement, events: ViewEvents) {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('This window gives no canvas to draw on.');
    this.#canvas = canvas;
    this.#host = host;
    this.#context = context;
    this.#minimap = new Minimap(minimap);
    this.#events = events;
    this.#palette = readPalette(canvas);
    this.#listen(minimap);
    this.#measureSize();
  }

  get palette(): Palette {
    return this.#palette;
  }

  get scene(): Scene | undefined {
    return this.#scene;
  }

  get camera(): Camera {
    return this.#camera;
  }

  /** Shows another arrangement. What is selected stays where it is on the screen, if it was in sight. */
  show(diagram: Diagram, placed: Placed, boxOf: BoxMaker, measure: UnitMeasures, fit: boolean): void {
    const before = this.#scene;
    const selected = this.#selectedTable;
    const anchor = selected ?? this.#middleTable();
    const old = anchor === undefined ? undefined : before?.indexOf(anchor);
    const oldRect = old === undefined ? undefined : before?.rect(old);
    this.#measure = measure;
    this.#scene = new Scene(diagram, placed, boxOf);
    const at = anchor === undefined ? undefined : this.#scene.indexOf(anchor);
    if (fit || this.#isFitted) {
      this.fit();
    } else if (oldRect && at !== undefined) {
      const rect = this.#scene.rect(at);
      this.#camera = {
        ...this.#camera,
        x: this.#camera.x + rect.x - oldRect.x,
        y: this.#camera.y + rect.y - oldRect.y,
      };
    }
    this.#drag = undefined;
    this.#walk = undefined;
    this.#highlights = {
      ...this.#highlights,
      selected: selected === undefined ? undefined : this.#scene.indexOf(selected),
      hovered: undefined,
      hoveredLine: undefined,
    };
    this.#minimap.forget();
    this.invalidate();
  }

  /** Selects a table without telling so. */
  select(table: number | undefined): void {
    const at = table === undefined ? undefined : this.#scene?.indexOf(table);
    if (at === this.#highlights.selected) return;
    this.#walk = undefined;
    this.#highlights = { ...this.#highlights, selected: at };
    this.invalidate();
  }

  /** Selects a table and brings it into sight, near enough to be read. */
  jump(table: number): boolean {
    const at = this.#scene?.indexOf(table);
    if (at === undefined) return false;
    this.#select(at);
    this.#reveal(at, levels.near + 0.12);
    return true;
  }

  /** Shows everything, or as much of it as is not smaller than can be seen. */
  fit(): void {
    if (!this.#scene || this.#width === 0) return;
    this.#setCamera(fitted(this.#scene.bounds(), this.#width, this.#height));
    this.#isFitted = true;
  }

  /** Shows what is selected with all it is related to. */
  fitSelected(): void {
    const { selected } = this.#highlights;
    if (!this.#scene || selected === undefined) {
      this.fit();
      return;
    }
    const rects = [selected, ...relatedBoxes(this.#scene, selected)].map((at) =>
      (this.#scene as Scene).rect(at),
    );
    this.#setCamera(fitted(around(rects), this.#width, this.#height, 48));
  }

  zoomBy(factor: number): void {
    this.#setCamera(zoomed(this.#camera, factor, this.#width / 2, this.#height / 2));
  }

  focus(): void {
    this.#host.focus({ preventScroll: true });
  }

  /** For measuring from outside: draws at once. */
  drawNow(): void {
    cancelAnimationFrame(this.#frame);
    this.#draw();
  }

  setCamera(camera: Camera): void {
    this.#setCamera(camera);
  }

  invalidate(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  destroy(): void {
    this.#stop.abort();
    for (const observer of this.#observers) observer.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  get #selectedTable(): number | undefined {
    const { selected } = this.#highlights;
    return selected === undefined ? undefined : this.#scene?.placed.tables[selected];
  }

  /** The table nearest to the middle of what is in sight. */
  #middleTable(): number | undefined {
    const scene = this.#scene;
    if (!scene) return undefined;
    const x = this.#camera.x + this.#width / 2 / this.#camera.scale;
    const y = this.#camera.y + this.#height / 2 / this.#camera.scale;
    const at = this.#nearest(scene, x, y);
    return at === undefined ? undefined : scene.placed.tables[at];
  }

  #nearest(scene: Scene, x: number, y: number): number | undefined {
    let best: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < scene.size; at += 1) {
      const rect = scene.rect(at);
      const distance = Math.hypot(rect.x + rect.width / 2 - x, rect.y + rect.height / 2 - y);
      if (distance < least) {
        least = distance;
        best = at;
      }
    }
    return best;
  }

  #draw(): void {
    this.#frame = 0;
    if (!this.#scene || !this.#measure || this.#width === 0) return;
    paint(
      this.#context,
      this.#scene,
      this.#camera,
      { width: this.#width, height: this.#height, ratio: this.#ratio },
      this.#palette,
      this.#measure,
      this.#highlights,
    );
    this.#minimap.draw(
      this.#scene,
      this.#camera,
      { width: this.#width, height: this.#height },
      this.#palette,
    );
  }

  #setCamera(camera: Camera): void {
    const isZoom = camera.scale !== this.#camera.scale;
    this.#isFitted = false;
    this.#camera = camera;
    if (isZoom) this.#events.onZoom(camera.scale);
    this.invalidate();
  }

  #measureSize(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    const ratio = window.devicePixelRatio || 1;
    if (clientWidth === this.#width && clientHeight === this.#height && ratio === this.#ratio) return;
    const wasInSight = this.#isSelectedInSight();
    this.#width = clientWidth;
    this.#height = clientHeight;
    this.#ratio = ratio;
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    const { selected } = this.#highlights;
    if (this.#isFitted) this.fit();
    else if (selected !== undefined && wasInSight) this.#reveal(selected);
    // A canvas is cleared when it changes size: drawn in the same frame, nothing flickers.
    this.drawNow();
  }

  #isSelectedInSight(): boolean {
    const { selected } = this.#highlights;
    const rect = selected === undefined ? undefined : this.#scene?.rect(selected);
    if (!rect) return false;
    const { x, y, scale } = this.#camera;
    return (
      rect.x < x + this.#width / scale &&
      rect.x + rect.width > x &&
      rect.y < y + this.#height / scale &&
      rect.y + rect.height > y
    );
  }

  #listen(minimap: HTMLCanvasElement): void {
    const canvas = this.#canvas;
    const host = this.#host;
    const { signal } = this.#stop;
    canvas.addEventListener('pointerdown', (event) => this.#onDown(event), { signal });
    canvas.addEventListener('pointermove', (event) => this.#onMove(event), { signal });
    canvas.addEventListener('pointerup', (event) => this.#onUp(event), { signal });
    canvas.addEventListener('pointercancel', () => this.#cancelDrag(), { signal });
    canvas.addEventListener('pointerleave', () => this.#hover(undefined, undefined), { signal });
    canvas.addEventListener('dblclick', (event) => this.#onDouble(event), { signal });
    canvas.addEventListener('wheel', (event) => this.#onWheel(event), { signal, passive: false });
    host.addEventListener('keydown', (event) => this.#onKey(event), { signal });
    host.addEventListener('focus', () => this.#setFocused(host.matches(':focus-visible')), { signal });
    host.addEventListener('blur', () => this.#setFocused(false), { signal });
    minimap.addEventListener('pointerdown', (event) => this.#onMapPress(event, minimap), { signal });
    minimap.addEventListener(
      'pointermove',
      (event) => event.buttons === 1 && this.#onMapPress(event, minimap),
      { signal },
    );

    const sizes = new ResizeObserver(() => this.#measureSize());
    sizes.observe(canvas);
    const theme = new MutationObserver(() => {
      this.#palette = readPalette(canvas);
      this.#minimap.forget();
      this.invalidate();
    });
    theme.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
    this.#observers.push(sizes, theme);
    // Moved to a screen of another density.
    const watchRatio = (): void =>
      window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener(
        'change',
        () => {
          this.#measureSize();
          watchRatio();
        },
        { once: true, signal },
      );
    watchRatio();
  }

  #setFocused(focused: boolean): void {
    this.#highlights = { ...this.#highlights, focused };
    this.invalidate();
  }

  #point(event: MouseEvent): { px: number; py: number; x: number; y: number } {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const px = event.clientX - left;
    const py = event.clientY - top;
    return {
      px,
      py,
      x: this.#camera.x + px / this.#camera.scale,
      y: this.#camera.y + py / this.#camera.scale,
    };
  }

  #onDown(event: PointerEvent): void {
    if (event.button > 1) return;
    const { px, py, x, y } = this.#point(event);
    const at = event.button === 0 ? this.#scene?.hit(x, y) : undefined;
    const rect = at === undefined ? undefined : this.#scene?.rect(at);
    this.#canvas.setPointerCapture(event.pointerId);
    this.#drag = { px, py, camera: this.#camera, at, rect, moved: false };
  }

  #onMove(event: PointerEvent): void {
    const { px, py, x, y } = this.#point(event);
    const drag = this.#drag;
    const scene = this.#scene;
    if (!scene) return;
    if (!drag) {
      const at = scene.hit(x, y);
      this.#hover(
        at,
        at === undefined ? this.#lineAt(scene, x, y) : undefined,
        at === undefined ? undefined : { x, y },
      );
      return;
    }
    const dx = px - drag.px;
    const dy = py - drag.py;
    if (!drag.moved && Math.hypot(dx, dy) < slack) return;
    drag.moved = true;
    const { scale } = this.#camera;
    if (drag.at !== undefined && drag.rect) {
      this.#canvas.style.cursor = 'grabbing';
      scene.move(drag.at, Math.round(drag.rect.x + dx / scale), Math.round(drag.rect.y + dy / scale));
      this.invalidate();
    } else {
      this.#canvas.style.cursor = 'grabbing';
      this.#setCamera({ ...drag.camera, x: drag.camera.x - dx / scale, y: drag.camera.y - dy / scale });
    }
  }

  #onUp(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = undefined;
    this.#canvas.style.cursor = '';
    if (!drag) return;
    const scene = this.#scene;
    if (drag.moved) {
      const table = drag.at === undefined ? undefined : scene?.placed.tables[drag.at];
      if (table === undefined || drag.at === undefined) return;
      this.#minimap.forget();
      this.#select(drag.at);
      this.#events.onMoved(table);
      return;
    }
    if (event.button !== 0 || !scene) return;
    this.#select(drag.at);
    const { y } = this.#point(event);
    // The header of a partitioned table holds its count; a second press on it opens the list.
    if (drag.at !== undefined && scene.table(drag.at).kind === 'partitioned')
      this.#pressPartitions(scene, drag.at, event, y);
  }

  #pressPartitions(scene: Scene, at: number, event: PointerEvent, y: number): void {
    const rect = scene.rect(at);
    const { x } = this.#point(event);
    if (this.#camera.scale < levels.near || y > rect.y + measures.header || x < rect.x + rect.width * 0.6)
      return;
    this.#events.onToggleOpened(scene.placed.tables[at] ?? 0);
  }

  #cancelDrag(): void {
    const drag = this.#drag;
    this.#drag = undefined;
    this.#canvas.style.cursor = '';
    if (!drag?.moved) return;
    if (drag.at !== undefined && drag.rect) this.#scene?.move(drag.at, drag.rect.x, drag.rect.y);
    this.invalidate();
  }

  #onDouble(event: MouseEvent): void {
    const { x, y } = this.#point(event);
    const at = this.#scene?.hit(x, y);
    const table = at === undefined ? undefined : this.#scene?.placed.tables[at];
    if (table !== undefined) this.#events.onInspect(table);
  }

  #onWheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 18 : 1;
    if (event.ctrlKey || event.metaKey) {
      const { px, py } = this.#point(event);
      const step = Math.max(-120, Math.min(120, event.deltaY * lines));
      this.#setCamera(zoomed(this.#camera, Math.exp(-step * 0.004), px, py));
      return;
    }
    const [dx, dy] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    const { scale } = this.#camera;
    this.#setCamera({
      ...this.#camera,
      x: this.#camera.x + (dx * lines) / scale,
      y: this.#camera.y + (dy * lines) / scale,
    });
  }

  #onMapPress(event: PointerEvent, minimap: HTMLCanvasElement): void {
    if (event.type === 'pointerdown') minimap.setPointerCapture(event.pointerId);
    const { left, top } = minimap.getBoundingClientRect();
    const { x, y } = this.#minimap.pointAt(event.clientX - left, event.clientY - top);
    const { scale } = this.#camera;
    this.#setCamera({ scale, x: x - this.#width / 2 / scale, y: y - this.#height / 2 / scale });
  }

  /** The line under a point, where lines can be told apart. */
  #lineAt(scene: Scene, x: number, y: number): number | undefined {
    const { scale } = this.#camera;
    if (scale < levels.middle) return undefined;
    const reach = 5 / scale;
    let best: number | undefined;
    let least = reach;
    for (let index = 0; index < scene.relations.length; index += 1) {
      const line = scene.line(index);
      const spread = 300;
      if (x < Math.min(line.x1, line.x2) - spread || x > Math.max(line.x1, line.x2) + spread) continue;
      if (y < Math.min(line.y1, line.y2) - reach || y > Math.max(line.y1, line.y2) + reach) continue;
      const distance = distanceTo(line, x, y);
      if (distance < least) {
        least = distance;
        best = index;
      }
    }
    return best;
  }

  #hover(
    hovered: number | undefined,
    hoveredLine: number | undefined,
    point?: { x: number; y: number },
  ): void {
    const scene = this.#scene;
    this.#canvas.style.cursor = hovered === undefined ? '' : 'pointer';
    if (scene) this.#events.onHover(hoverWords(scene, hovered, hoveredLine, point, this.#camera.scale));
    if (hovered === this.#highlights.hovered && hoveredLine === this.#highlights.hoveredLine) return;
    this.#highlights = { ...this.#highlights, hovered, hoveredLine };
    this.invalidate();
  }

  #select(at: number | undefined): void {
    this.#walk = undefined;
    this.#highlights = { ...this.#highlights, selected: at };
    this.#events.onSelect(this.#selectedTable);
    this.invalidate();
  }

  #reveal(at: number, atLeast = 0): void {
    const rect = this.#scene?.rect(at);
    if (rect) this.#setCamera(revealed(this.#camera, rect, this.#width, this.#height, atLeast));
  }

  #onKey(event: KeyboardEvent): void {
    const scene = this.#scene;
    if (!scene || event.defaultPrevented || event.altKey) return;
    const done = (): void => {
      event.preventDefault();
      this.#setFocused(true);
    };
    const direction = arrows[event.key];
    const { selected } = this.#highlights;
    const table = this.#selectedTable;
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
        if (table !== undefined) this.#events.onInspect(table);
        done();
        return;
      case '+':
      case '=':
        this.zoomBy(1.25);
        done();
        return;
      case '-':
        this.zoomBy(0.8);
        done();
        return;
      case '0':
        this.zoomBy(1 / this.#camera.scale);
        done();
        return;
      case 'Home':
        this.fit();
        done();
        return;
      case ' ':
        this.fitSelected();
        done();
        return;
      case 'f':
        if (table !== undefined) this.#events.onFocusMode(table);
        done();
        return;
      case 'o':
        if (table !== undefined && selected !== undefined && scene.table(selected).kind === 'partitioned') {
          this.#events.onToggleOpened(table);
        }
        done();
        return;
      case 'Escape':
        if (this.#drag) this.#cancelDrag();
        else this.#events.onEscape();
        return;
    }
  }

  #nudge(scene: Scene, at: number, direction: Direction): void {
    const { x, y } = scene.rect(at);
    const [dx, dy] = vectors[direction];
    scene.move(at, x + dx * nudge, y + dy * nudge);
    this.#minimap.forget();
    this.#reveal(at);
    this.invalidate();
    this.#events.onMoved(scene.placed.tables[at] ?? 0);
  }

  #pan(direction: Direction): void {
    const [dx, dy] = vectors[direction];
    const { scale } = this.#camera;
    this.#setCamera({
      ...this.#camera,
      x: this.#camera.x + (dx * this.#width * 0.25) / scale,
      y: this.#camera.y + (dy * this.#height * 0.25) / scale,
    });
  }

  #step(scene: Scene, selected: number | undefined, direction: Direction): void {
    const next =
      selected === undefined
        ? this.#nearest(
            scene,
            this.#camera.x + this.#width / 2 / this.#camera.scale,
            this.#camera.y + this.#height / 2 / this.#camera.scale,
          )
        : boxTowards(scene, selected, direction);
    if (next === undefined) return;
    this.#select(next);
    this.#reveal(next);
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
    this.#select(at);
    this.#walk = { from: walk.from, next };
    this.#reveal(at);
    return true;
  }
}

interface Drag {
  px: number;
  py: number;
  camera: Camera;
  at: number | undefined;
  rect: Rect | undefined;
  moved: boolean;
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

function hoverWords(
  scene: Scene,
  hovered: number | undefined,
  hoveredLine: number | undefined,
  point: { x: number; y: number } | undefined,
  scale: number,
): string | undefined {
  if (hoveredLine !== undefined) {
    const relation = scene.relation(hoveredLine);
    const name = (table: number): string => scene.diagram.tables[table]?.name ?? '';
    const columns = (table: number, of: readonly number[]): string =>
      of.length === 0
        ? ''
        : ` (${of.map((column) => scene.diagram.tables[table]?.columns[column] ?? '').join(', ')})`;
    const words = {
      'foreign-key': 'refers to',
      inherits: 'inherits from',
      uses: 'uses',
      enum: 'has values of',
    };
    return `${relation.name ? `${relation.name}: ` : ''}${name(relation.from)}${columns(relation.from, relation.fromColumns)} ${words[relation.kind]} ${name(relation.to)}${columns(relation.to, relation.toColumns)}`;
  }
  if (hovered === undefined) return undefined;
  const table = scene.table(hovered);
  const full = `${scene.diagram.schemas[table.schema] ?? ''}.${table.name}`;
  if (scale < levels.near || !point) return full;
  const row = scene.rowAt(hovered, point.y);
  const content = row === undefined ? undefined : scene.box(hovered).rows[row];
  if (content?.kind !== 'column') return full;
  const type = scene.diagram.types[table.types[content.column] ?? -1] ?? '';
  return `${full}.${table.columns[content.column] ?? ''} ${type}${content.flags & Flag.notNull ? ', not null' : ', may be null'}`;
}
