import type { Palette } from '../../../preload/contract/diagram/scene/palette.ts';

const variables = {
  surface: '--surface',
  sunken: '--surface-sunken',
  raised: '--surface-raised',
  hover: '--surface-hover',
  selected: '--surface-selected',
  line: '--line',
  lineStrong: '--line-strong',
  text: '--text',
  soft: '--text-soft',
  faint: '--text-faint',
  accent: '--accent-text',
  focus: '--focus',
  notice: '--notice',
  noticeSurface: '--notice-surface',
  mono: '--font-mono',
} as const;

/** Calm hues only: red and amber would look like a warning. */
const tints = [
  '--env-blue',
  '--env-teal',
  '--env-violet',
  '--env-green',
  '--env-slate',
  '--env-cyan',
  '--env-indigo',
];

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ...(Object.fromEntries(Object.entries(variables).map(([key, name]) => [key, read(name)])) as Record<
      keyof typeof variables,
      string
    >),
    tints: tints.map(read),
    sans: style.fontFamily,
  };
}

/** Fonts of the diagram, by their size in px. */
export const fonts = {
  name: (palette: Pick<Palette, 'mono'>, size: number) => `${size}px ${palette.mono}`,
  header: (palette: Pick<Palette, 'mono'>, size: number) => `600 ${size}px ${palette.mono}`,
  label: (palette: Pick<Palette, 'sans'>, size: number) => `600 ${size}px ${palette.sans}`,
};

/** One colour laid over another, as much of it as `share` says; both as `#rrggbb`. */
export function mixed(over: string, under: string, share: number): string {
  const a = Number.parseInt(over.slice(1), 16);
  const b = Number.parseInt(under.slice(1), 16);
  if (over.length !== 7 || under.length !== 7 || Number.isNaN(a + b)) return over;
  const part = (shift: number): string =>
    Math.round(((a >> shift) & 255) * share + ((b >> shift) & 255) * (1 - share))
      .toString(16)
      .padStart(2, '0');
  return `#${part(16)}${part(8)}${part(0)}`;
}
