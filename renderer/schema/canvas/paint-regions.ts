import { betweenRegions } from '../../../preload/contract/diagram/layout/layout.ts';
import { oneLine, shorten } from '../../../preload/contract/diagram/scene/text.ts';
import type { Frame } from './frame.ts';
import { fonts } from './palette.ts';

/** The parts of schemas, behind everything. */
export function paintRegions(frame: Frame): void {
  const { context, camera } = frame;
  for (const region of frame.scene.regions) {
    if (!frame.isInSight(region)) continue;
    const x = frame.x(region.x);
    const y = frame.y(region.y);
    const width = region.width * camera.scale;
    const height = region.height * camera.scale;
    context.fillStyle = frame.palette.surface;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 0.07;
    context.fillStyle = frame.tint(region.schema);
    context.fillRect(x, y, width, height);
    context.globalAlpha = 0.35;
    context.strokeStyle = frame.tint(region.schema);
    context.lineWidth = 1;
    context.strokeRect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.round(width), Math.round(height));
    context.globalAlpha = 1;
  }
}

/** Labels stay readable at any scale, and stay in sight while any of their region is. */
export function paintRegionLabels(frame: Frame): void {
  const { context, camera, size } = frame;
  for (const region of frame.scene.regions) {
    if (!frame.isInSight(region)) continue;
    const left = frame.x(region.x);
    const top = frame.y(region.y);
    const width = region.width * camera.scale;
    const height = region.height * camera.scale;
    const isAbove = top < 0;
    const fontSize = Math.round(
      Math.max(11, Math.min(isAbove ? 13 : 26 * Math.max(1, camera.scale), 26 * camera.scale)),
    );
    const name = oneLine(frame.scene.diagram.schemas[region.schema] ?? '');
    const room = Math.min(width - 8, size.width - 16);
    if (room < 24 || height < fontSize + 4) continue;
    const text = shorten(name, room / fontSize, frame.measure.label);
    if (!text) continue;
    const own = frame.measure.label(text) * fontSize;
    const x = Math.min(Math.max(left + Math.min(10, width * 0.04), 8), Math.max(8, left + width - own - 8));
    const isOutside = fontSize <= 11 && top > fontSize + 4 && betweenRegions * camera.scale >= fontSize + 4;
    const y = isOutside
      ? top - fontSize * 0.7
      : Math.min(Math.max(top + fontSize * 0.85 + 2, fontSize * 0.85 + 4), top + height - fontSize / 2);
    const isFloating = y > top + 60 * camera.scale || frame.level === 'far';
    context.font = fonts.label(frame.palette, fontSize);
    if (isFloating) {
      context.globalAlpha = 0.86;
      context.fillStyle = frame.palette.surface;
      context.fillRect(x - 4, y - fontSize * 0.7, own + 8, fontSize * 1.4);
      context.globalAlpha = 1;
    }
    context.fillStyle = frame.tint(region.schema);
    context.fillText(text, x, y);
  }
}
