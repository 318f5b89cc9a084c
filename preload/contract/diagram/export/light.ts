import type { Palette } from '../scene/palette.ts';
import { estimatedMeasure, type UnitMeasures } from '../scene/text.ts';

/** The light theme in plain colours, for pictures made where there is no window: dark ink on paper. */
export const lightPalette: Palette = {
  surface: '#ffffff',
  sunken: '#f7f8f9',
  raised: '#ffffff',
  hover: '#eef0f3',
  selected: '#e4ecfb',
  line: '#e1e4e8',
  lineStrong: '#c9ced5',
  text: '#1a1e23',
  soft: '#4b5563',
  faint: '#626b78',
  accent: '#2457c5',
  focus: '#2457c5',
  notice: '#1f5fb0',
  noticeSurface: '#eaf2fc',
  tints: ['#1f66d0', '#0b756b', '#7b44d1', '#237a3b', '#566476', '#0a7490', '#4f52d6'],
  mono: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace',
  sans: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
};

/** As wide as the widest of the fonts named above may be, at a size of 1. */
export const estimatedMeasures: UnitMeasures = {
  name: estimatedMeasure(1),
  header: estimatedMeasure(1),
  label: estimatedMeasure(1),
};
