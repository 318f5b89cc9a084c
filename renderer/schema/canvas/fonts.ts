import type { BoxMaker } from '../../../preload/contract/diagram/layout/arrange.ts';
import { boxMaker } from '../../../preload/contract/diagram/layout/arrange.ts';
import type { Diagram } from '../../../preload/contract/diagram/model/diagram.ts';
import { measures } from '../../../preload/contract/diagram/scene/boxes.ts';
import type { Palette } from '../../../preload/contract/diagram/scene/palette.ts';
import {
  cachedMeasure,
  type Measure,
  type UnitMeasures,
} from '../../../preload/contract/diagram/scene/text.ts';
import { fonts } from './palette.ts';

type Families = Pick<Palette, 'mono' | 'sans'>;

/** Measures at 1 px, by a canvas; the window and the worker come to the same numbers. */
export function unitMeasures(families: Families): UnitMeasures {
  return {
    name: unit(fonts.name(families, 100)),
    header: unit(fonts.header(families, 100)),
    label: unit(fonts.label(families, 100)),
  };
}

function unit(font: string): Measure {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) throw new Error('This window gives no canvas to draw on.');
  context.font = font;
  return cachedMeasure((text) => context.measureText(text).width / 100);
}

export function boxesBy(diagram: Diagram, measure: UnitMeasures): BoxMaker {
  return boxMaker(diagram, {
    name: (text) => measure.name(text) * measures.fontSize,
    header: (text) => measure.header(text) * measures.headerFontSize,
  });
}
