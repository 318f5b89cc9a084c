import type { Camera } from '../../../preload/contract/diagram/scene/camera.ts';
import type { Scene } from '../../../preload/contract/diagram/scene/scene.ts';
import type { Highlights } from './frame.ts';
import type { MapSide } from './map-side.ts';

/** What the view tells of. Tables by their place in the diagram. */
export interface ViewEvents {
  onSelect: (table: number | undefined) => void;
  /** The inspector is asked for. */
  onInspect: (table: number) => void;
  onMoved: (table: number) => void;
  onToggleOpened: (table: number) => void;
  onFocusMode: (table: number) => void;
  onZoom: (scale: number) => void;
  /** Whether all of it is in sight now, so that the map has nothing to add. */
  onWhole: (isWhole: boolean) => void;
  /** The map would hide what is selected, or does so no more: it lies in this corner. */
  onMapSide: (side: MapSide) => void;
  /** What is pointed at, in words; undefined for nothing. */
  onHover: (text: string | undefined) => void;
  /** Esc with nothing of the view's own left to undo. Gives back whether it undid something: then the key is used up. */
  onEscape: () => boolean;
}

/** What presses and keys may do with the view. Boxes by their place in the scene. */
export interface Steering {
  readonly canvas: HTMLCanvasElement;
  readonly events: ViewEvents;
  readonly scene: Scene | undefined;
  readonly camera: Camera;
  readonly highlights: Highlights;
  /** Of the canvas, in px. */
  readonly width: number;
  readonly height: number;
  /** Place in the diagram of the table that is selected. */
  readonly selectedTable: number | undefined;
  setCamera(camera: Camera): void;
  setHighlights(change: Partial<Highlights>): void;
  /** Selects a box and tells so. */
  selectBox(at: number | undefined): void;
  /** Brings a box into sight. */
  reveal(at: number): void;
  /** The box nearest to a point of the diagram. */
  nearest(x: number, y: number): number | undefined;
  /** Boxes have moved: the map in the corner is drawn anew. */
  forgetMap(): void;
  invalidate(): void;
  fit(): void;
  fitSelected(): void;
  zoomBy(factor: number): void;
}
