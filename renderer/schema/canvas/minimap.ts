import { type Camera, fitted, inSight, type Rect } from '../../../preload/contract/diagram/scene/camera.ts';
import type { Palette } from '../../../preload/contract/diagram/scene/palette.ts';
import type { Scene } from '../../../preload/contract/diagram/scene/scene.ts';

/** The whole diagram in a corner, with a frame round what is in sight. Its picture is drawn once a layout. */
export class Minimap {
  readonly #canvas: HTMLCanvasElement;
  readonly #picture = new OffscreenCanvas(1, 1);
  #camera: Camera = { x: 0, y: 0, scale: 1 };
  #isStale = true;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Boxes have moved, or colours have changed. */
  forget(): void {
    this.#isStale = true;
  }

  /** Px; nothing while it is hidden. */
  get size(): { width: number; height: number } {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    return { width, height };
  }

  /** Somebody moves the frame on it: it stays below the pointer. */
  get isPressed(): boolean {
    return this.#canvas.matches(':active');
  }

  draw(scene: Scene, camera: Camera, view: { width: number; height: number }, palette: Palette): void {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = this.size;
    if (width === 0 || height === 0) return;
    const deviceWidth = Math.round(width * ratio);
    const deviceHeight = Math.round(height * ratio);
    if (this.#canvas.width !== deviceWidth || this.#canvas.height !== deviceHeight) {
      this.#canvas.width = deviceWidth;
      this.#canvas.height = deviceHeight;
      this.#isStale = true;
    }
    if (this.#isStale) this.#drawPicture(scene, width, height, ratio, palette);
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#picture, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const frame = this.#toMap(inSight(camera, view.width, view.height));
    context.fillStyle = palette.accent;
    context.globalAlpha = 0.12;
    context.fillRect(frame.x, frame.y, frame.width, frame.height);
    context.globalAlpha = 1;
    context.strokeStyle = palette.accent;
    context.lineWidth = 1.5;
    context.strokeRect(frame.x, frame.y, Math.max(3, frame.width), Math.max(3, frame.height));
  }

  /** The point of the diagram under a point of the map. */
  pointAt(px: number, py: number): { x: number; y: number } {
    return { x: this.#camera.x + px / this.#camera.scale, y: this.#camera.y + py / this.#camera.scale };
  }

  #drawPicture(scene: Scene, width: number, height: number, ratio: number, palette: Palette): void {
    this.#isStale = false;
    this.#picture.width = Math.round(width * ratio);
    this.#picture.height = Math.round(height * ratio);
    this.#camera = fitted(scene.bounds(), width, height, 6);
    const context = this.#picture.getContext('2d');
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = palette.surface;
    context.fillRect(0, 0, width, height);
    const tint = (schema: number): string => palette.tints[schema % palette.tints.length] ?? palette.soft;
    for (const region of scene.regions) {
      const { x, y, width, height } = this.#toMap(region);
      context.globalAlpha = 0.12;
      context.fillStyle = tint(region.schema);
      context.fillRect(x, y, width, height);
    }
    context.globalAlpha = 0.55;
    const { x, y, width: widths, height: heights } = scene.placed;
    const { x: left, y: top, scale } = this.#camera;
    let schema = -1;
    for (let at = 0; at < scene.size; at += 1) {
      const own = scene.table(at).schema;
      if (own !== schema) context.fillStyle = tint(own);
      schema = own;
      context.fillRect(
        ((x[at] ?? 0) - left) * scale,
        ((y[at] ?? 0) - top) * scale,
        Math.max(1, (widths[at] ?? 0) * scale),
        Math.max(1, (heights[at] ?? 0) * scale),
      );
    }
    context.globalAlpha = 1;
  }

  #toMap(rect: Rect): Rect {
    const { x, y, scale } = this.#camera;
    return {
      x: (rect.x - x) * scale,
      y: (rect.y - y) * scale,
      width: rect.width * scale,
      height: rect.height * scale,
    };
  }
}
