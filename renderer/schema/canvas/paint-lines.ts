import { inSight } from '../../../preload/contract/diagram/scene/camera.ts';
import { endMark, ends } from '../../../preload/contract/diagram/scene/crow.ts';
import { curve, eachCorner, type Line } from '../../../preload/contract/diagram/scene/lines.ts';
import type { Frame } from './frame.ts';

/** At most so many lines are drawn while boxes are small: beyond it they would be a felt, and cost the frame. */
const mostLines = { far: 1500, middle: 3000, near: 6000 } as const;

/** All lines in sight, under the boxes. */
export function paintLines(frame: Frame): void {
  const { context, scene, level, palette } = frame;
  const indices = linesInSight(frame);
  context.lineWidth = level === 'near' ? 1.25 : 1;
  // As strong as can be told apart: many lines are drawn fainter, so that boxes stay in front.
  const crowd = Math.min(1, 400 / Math.max(1, indices.length));
  const plain = level === 'far' ? 0.25 + 0.35 * crowd : 0.5 + 0.4 * crowd;
  // Behind what stands out, the others step back.
  const alpha = frame.strongLines.size > 0 ? plain * 0.55 : plain;
  for (const kind of ['solid', 'dashed'] as const) {
    context.globalAlpha = kind === 'solid' ? alpha : alpha * 0.7;
    context.strokeStyle = palette.faint;
    context.setLineDash(kind === 'dashed' && level !== 'far' ? [4, 4] : []);
    let pending = 0;
    context.beginPath();
    for (const index of indices) {
      if ((scene.relation(index).kind === 'foreign-key') !== (kind === 'solid')) continue;
      if (level === 'far') traceFar(frame, index);
      else trace(frame, scene.line(index));
      // Short paths are filled faster than one of thousands of pieces.
      pending += 1;
      if (pending === 40) {
        context.stroke();
        context.beginPath();
        pending = 0;
      }
    }
    context.stroke();
  }
  context.setLineDash([]);
  if (frame.camera.scale >= 0.4) {
    context.globalAlpha = frame.strongLines.size > 0 ? 0.45 : Math.max(alpha, 0.75);
    context.strokeStyle = palette.soft;
    marks(frame, indices);
  }
  context.globalAlpha = 1;
}

/** Lines of what is selected or pointed at, above everything else. */
export function paintStrongLines(frame: Frame): void {
  if (frame.strongLines.size === 0) return;
  const { context, scene, palette } = frame;
  context.strokeStyle = palette.accent;
  context.lineWidth = 2;
  const indices = [...frame.strongLines].slice(0, 500);
  context.beginPath();
  for (const index of indices) {
    if (frame.level === 'far') traceFar(frame, index);
    else trace(frame, scene.line(index));
  }
  context.stroke();
  if (frame.camera.scale >= 0.4) marks(frame, indices);
}

function linesInSight(frame: Frame): number[] {
  const { scene, camera, size } = frame;
  const most = mostLines[frame.level];
  const indices: number[] = [];
  const seen = inSight(camera, size.width, size.height);
  if (frame.level === 'far') return farLinesInSight(frame, most);
  for (let index = 0; index < scene.relations.length; index += 1) {
    const { left, top, right, bottom } = scene.line(index);
    if (left > seen.x + seen.width || right < seen.x || top > seen.y + seen.height || bottom < seen.y)
      continue;
    indices.push(index);
  }
  return thinned(indices, most);
}

/** From afar a line without a way round goes from middle to middle: where it leaves its box can't be seen. */
function farLinesInSight(frame: Frame, most: number): number[] {
  const { scene, size } = frame;
  const indices: number[] = [];
  for (let index = 0; index < scene.relations.length; index += 1) {
    const [x1, y1, x2, y2] = middles(frame, index);
    if (Math.max(x1, x2) < 0 || Math.min(x1, x2) > size.width) continue;
    if (Math.max(y1, y2) < 0 || Math.min(y1, y2) > size.height) continue;
    if (Math.abs(x1 - x2) + Math.abs(y1 - y2) >= 6) indices.push(index);
  }
  return thinned(indices, most);
}

/** The middles of the boxes at a line's ends, in px. */
function middles(frame: Frame, index: number): [number, number, number, number] {
  const { x, y, width, height } = frame.scene.placed;
  const a = frame.scene.fromBox[index] ?? 0;
  const b = frame.scene.toBox[index] ?? 0;
  return [
    frame.x((x[a] ?? 0) + (width[a] ?? 0) / 2),
    frame.y((y[a] ?? 0) + (height[a] ?? 0) / 2),
    frame.x((x[b] ?? 0) + (width[b] ?? 0) / 2),
    frame.y((y[b] ?? 0) + (height[b] ?? 0) / 2),
  ];
}

function traceFar(frame: Frame, index: number): void {
  const points = frame.scene.hasRoutes ? frame.scene.line(index).points : undefined;
  if (points) {
    frame.context.moveTo(frame.x(points[0] ?? 0), frame.y(points[1] ?? 0));
    for (let at = 2; at < points.length; at += 2)
      frame.context.lineTo(frame.x(points[at] ?? 0), frame.y(points[at + 1] ?? 0));
    return;
  }
  const [x1, y1, x2, y2] = middles(frame, index);
  frame.context.moveTo(x1, y1);
  frame.context.lineTo(x2, y2);
}

function trace(frame: Frame, line: Line): void {
  const { context } = frame;
  context.moveTo(frame.x(line.x1), frame.y(line.y1));
  if (line.points) {
    eachCorner(line.points, (fromX, fromY, x, y, toX, toY) => {
      context.lineTo(frame.x(fromX), frame.y(fromY));
      context.quadraticCurveTo(frame.x(x), frame.y(y), frame.x(toX), frame.y(toY));
    });
  } else {
    const [sx, sy, c1x, c1y, c2x, c2y, ex, ey] = curve(line);
    context.lineTo(frame.x(sx), frame.y(sy));
    context.bezierCurveTo(frame.x(c1x), frame.y(c1y), frame.x(c2x), frame.y(c2y), frame.x(ex), frame.y(ey));
  }
  context.lineTo(frame.x(line.x2), frame.y(line.y2));
  bracket(frame, line.x1, line.rows1);
  bracket(frame, line.x2, line.rows2);
}

/** Joins the rows of a key of several columns. */
function bracket(frame: Frame, x: number, rows: readonly number[]): void {
  if (rows.length < 2) return;
  const { context } = frame;
  context.moveTo(frame.x(x), frame.y(rows[0] ?? 0));
  context.lineTo(frame.x(x), frame.y(rows.at(-1) ?? 0));
}

function marks(frame: Frame, indices: readonly number[]): void {
  const { context, scene, camera } = frame;
  const rings: { x: number; y: number; radius: number }[] = [];
  context.lineWidth = Math.max(1, 1.25 * Math.min(1, camera.scale));
  context.beginPath();
  for (const index of indices) {
    const relation = scene.relation(index);
    if (relation.kind !== 'foreign-key') continue;
    const line = scene.line(index);
    const { from, to } = ends(relation);
    for (const { strokes, ring } of [
      endMark(from, line.x1, line.y1, line.direction1),
      endMark(to, line.x2, line.y2, line.direction2),
    ]) {
      for (let at = 0; at < strokes.length; at += 4) {
        context.moveTo(frame.x(strokes[at] ?? 0), frame.y(strokes[at + 1] ?? 0));
        context.lineTo(frame.x(strokes[at + 2] ?? 0), frame.y(strokes[at + 3] ?? 0));
      }
      if (ring) rings.push(ring);
    }
  }
  context.stroke();
  context.fillStyle = frame.palette.surface;
  for (const { x, y, radius } of rings) {
    context.beginPath();
    context.arc(frame.x(x), frame.y(y), radius * camera.scale, 0, Math.PI * 2);
    context.fill();
    context.stroke();
  }
}

/** At most so many of some lines; the same ones at each frame, so that nothing flickers. */
function thinned(indices: number[], most: number): number[] {
  if (indices.length <= most) return indices;
  const step = indices.length / most;
  return Array.from({ length: most }, (_, at) => indices[Math.floor(at * step)] as number);
}
