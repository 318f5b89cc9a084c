import type { BoxMaker } from '../../../preload/contract/diagram/layout/arrange.ts';
import type { Diagram } from '../../../preload/contract/diagram/model/diagram.ts';
import {
  around,
  type Camera,
  fitted,
  holds,
  inSight,
  revealed,
  touches,
  zoomed,
} from '../../../preload/contract/diagram/scene/camera.ts';
import { levels } from '../../../preload/contract/diagram/scene/lod.ts';
import type { Palette } from '../../../preload/contract/diagram/scene/palette.ts';
import { type Placed, Scene } from '../../../preload/contract/diagram/scene/scene.ts';
import type { UnitMeasures } from '../../../preload/contract/diagram/scene/text.ts';
import { nearestBox, relatedBoxes } from '../../../preload/contract/diagram/scene/walk.ts';
import { type Highlights, noHighlights } from './frame.ts';
import { Keys } from './keys.ts';
import { type MapSide, mapSide } from './map-side.ts';
import { Minimap } from './minimap.ts';
import { paint } from './paint.ts';
import { readPalette } from './palette.ts';
import { Pointer } from './pointer.ts';
import type { Steering, ViewEvents } from './steering.ts';
import { watchSurroundings } from './surroundings.ts';

/** From so many boxes on a new picture is drawn in steps. */
const large = 1500;

/**
 * The diagram's canvas: draws when something has changed, once a frame at most, and turns presses and keys into moves of
 * the camera, of the selection and of boxes. Knows nothing of React.
 */
export class DiagramView implements Steering {
  readonly canvas: HTMLCanvasElement;
  readonly events: ViewEvents;
  readonly #context: CanvasRenderingContext2D;
  readonly #minimap: Minimap;
  readonly #stop = new AbortController();
  readonly #pointer: Pointer;
  readonly #keys: Keys;
  #measure: UnitMeasures | undefined;
  #palette: Palette;
  #scene: Scene | undefined;
  #camera: Camera = { x: 0, y: 0, scale: 1 };
  #width = 0;
  #height = 0;
  #ratio = 1;
  #frame = 0;
  #highlights: Highlights = noHighlights;
  #isWhole: boolean | undefined;
  #mapSide: MapSide = 'end';
  /** What of a new scene has been drawn: 0 nothing, 1 boxes, 2 lines too. */
  #drawn = 0;
  /** Whether the camera is still where `fit` put it: then it follows when the picture or the window changes. */
  #isFitted = true;

  /** @param host round the canvas; has the keyboard */
  constructor(host: HTMLElement, canvas: HTMLCanvasElement, minimap: HTMLCanvasElement, events: ViewEvents) {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('This window gives no canvas to draw on.');
    this.canvas = canvas;
    this.#context = context;
    this.#minimap = new Minimap(minimap);
    this.events = events;
    this.#palette = readPalette(canvas);
    const { signal } = this.#stop;
    this.#pointer = new Pointer(this, minimap, this.#minimap, signal);
    this.#keys = new Keys(this, host, this.#pointer, signal);
    watchSurroundings(
      { canvas, minimap },
      {
        onSize: () => this.#measureSize(),
        onMap: () => this.invalidate(),
        onTheme: () => {
          this.#palette = readPalette(canvas);
          this.forgetMap();
          this.invalidate();
        },
      },
      signal,
    );
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

  get highlights(): Highlights {
    return this.#highlights;
  }

  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  get selectedTable(): number | undefined {
    const { selected } = this.#highlights;
    return selected === undefined ? undefined : this.#scene?.placed.tables[selected];
  }

  /**
   * Shows another arrangement, once nothing is dragged. What is selected stays where it is on the screen, if it was in
   * sight; and when it is the same selection of tables (not `fit`), what was moved by hand meanwhile stays moved.
   */
  show(diagram: Diagram, placed: Placed, boxOf: BoxMaker, measure: UnitMeasures, fit: boolean): void {
    this.#measure = measure;
    if (!fit && this.#scene?.diagram === diagram && this.#scene.takeRoutes(placed)) this.invalidate();
    else this.#pointer.whenAtRest(() => this.#show(new Scene(diagram, placed, boxOf), fit));
  }

  #show(scene: Scene, fit: boolean): void {
    const before = this.#scene;
    const selected = this.selectedTable;
    const anchor = selected ?? this.#middleTable();
    const old = anchor === undefined ? undefined : before?.indexOf(anchor);
    const oldRect = old === undefined ? undefined : before?.rect(old);
    if (before && !fit && before.diagram === scene.diagram) scene.moveLike(before);
    this.#scene = scene;
    this.#drawn = scene.size > large ? 0 : 2;
    const at = anchor === undefined ? undefined : scene.indexOf(anchor);
    if (fit || this.#isFitted) {
      this.fit();
    } else if (oldRect && at !== undefined) {
      const rect = scene.rect(at);
      this.#camera = {
        ...this.#camera,
        x: this.#camera.x + rect.x - oldRect.x,
        y: this.#camera.y + rect.y - oldRect.y,
      };
    }
    this.#keys.endWalk();
    this.forgetMap();
    this.setHighlights({
      selected: selected === undefined ? undefined : scene.indexOf(selected),
      hovered: undefined,
      hoveredLine: undefined,
    });
  }

  /** Selects a table without telling so. */
  select(table: number | undefined): void {
    const at = table === undefined ? undefined : this.#scene?.indexOf(table);
    if (at === this.#highlights.selected) return;
    this.#keys.endWalk();
    this.setHighlights({ selected: at });
  }

  /** Selects a table and brings it into sight, near enough to be read. */
  jump(table: number): boolean {
    const at = this.#scene?.indexOf(table);
    if (at === undefined) return false;
    this.selectBox(at);
    this.reveal(at, levels.near + 0.12);
    return true;
  }

  /** Shows everything, or as much of it as is not smaller than can be seen. */
  fit(): void {
    if (!this.#scene || this.#width === 0) return;
    this.setCamera(fitted(this.#scene.bounds(), this.#width, this.#height));
    this.#isFitted = true;
  }

  /** Shows what is selected with all it is related to. */
  fitSelected(): void {
    const { selected } = this.#highlights;
    const scene = this.#scene;
    const places = scene && selected !== undefined ? [selected, ...relatedBoxes(scene, selected)] : [];
    const rects = places.flatMap((at) => scene?.rect(at) ?? []);
    if (rects.length > 0) this.setCamera(fitted(around(rects), this.#width, this.#height, 48));
    else this.fit();
  }

  zoomBy(factor: number): void {
    this.setCamera(zoomed(this.#camera, factor, this.#width / 2, this.#height / 2));
  }

  /** For measuring from outside: draws at once. */
  drawNow(): void {
    cancelAnimationFrame(this.#frame);
    this.#draw();
  }

  setCamera(camera: Camera): void {
    const isZoom = camera.scale !== this.#camera.scale;
    this.#isFitted = false;
    this.#camera = camera;
    if (isZoom) this.events.onZoom(camera.scale);
    this.invalidate();
  }

  setHighlights(change: Partial<Highlights>): void {
    this.#highlights = { ...this.#highlights, ...change };
    this.invalidate();
  }

  selectBox(at: number | undefined): void {
    this.#keys.endWalk();
    this.setHighlights({ selected: at });
    this.events.onSelect(this.selectedTable);
  }

  reveal(at: number, atLeast = 0): void {
    const rect = this.#scene?.rect(at);
    if (rect) this.setCamera(revealed(this.#camera, rect, this.#width, this.#height, atLeast));
  }

  nearest(x: number, y: number): number | undefined {
    return this.#scene && nearestBox(this.#scene, x, y);
  }

  forgetMap(): void {
    this.#minimap.forget();
  }

  invalidate(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  destroy(): void {
    this.#stop.abort();
    cancelAnimationFrame(this.#frame);
  }

  /** The table nearest to the middle of what is in sight. */
  #middleTable(): number | undefined {
    const { x, y, width, height } = inSight(this.#camera, this.#width, this.#height);
    const at = this.nearest(x + width / 2, y + height / 2);
    return at === undefined ? undefined : this.#scene?.placed.tables[at];
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
      this.#drawn > 0,
    );
    // The first frame of a large picture would hold up the window: boxes, lines and map come one after the other.
    if (this.#drawn < 2) {
      this.#drawn += 1;
      this.invalidate();
      return;
    }
    const isWhole = holds(inSight(this.#camera, this.#width, this.#height), this.#scene.bounds());
    if (isWhole !== this.#isWhole) {
      this.#isWhole = isWhole;
      this.events.onWhole(isWhole);
    }
    this.#placeMap(this.#scene);
    this.#minimap.draw(
      this.#scene,
      this.#camera,
      { width: this.#width, height: this.#height },
      this.#palette,
    );
  }

  #placeMap(scene: Scene): void {
    if (this.#minimap.isPressed) return;
    const { x, y, scale } = this.#camera;
    const { selected } = this.#highlights;
    const rect = selected === undefined ? undefined : scene.rect(selected);
    const shown = rect && {
      x: (rect.x - x) * scale,
      y: (rect.y - y) * scale,
      width: rect.width * scale,
      height: rect.height * scale,
    };
    const side = mapSide(shown, { width: this.#width, height: this.#height }, this.#minimap.size);
    if (side === this.#mapSide) return;
    this.#mapSide = side;
    this.events.onMapSide(side);
  }

  #measureSize(): void {
    const { clientWidth, clientHeight } = this.canvas;
    const ratio = window.devicePixelRatio || 1;
    if (clientWidth === this.#width && clientHeight === this.#height && ratio === this.#ratio) return;
    const wasInSight = this.#isSelectedInSight();
    this.#width = clientWidth;
    this.#height = clientHeight;
    this.#ratio = ratio;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    const { selected } = this.#highlights;
    if (this.#isFitted) this.fit();
    else if (selected !== undefined && wasInSight) this.reveal(selected);
    // A canvas is cleared when it changes size: drawn in the same frame, nothing flickers.
    this.drawNow();
  }

  #isSelectedInSight(): boolean {
    const { selected } = this.#highlights;
    const rect = selected === undefined ? undefined : this.#scene?.rect(selected);
    return rect !== undefined && touches(rect, inSight(this.#camera, this.#width, this.#height));
  }
}
