/** The colours and fonts of the diagram, read from the theme's variables. Plain, so that it can cross to the worker. */
export interface Palette {
  surface: string;
  sunken: string;
  raised: string;
  hover: string;
  selected: string;
  line: string;
  lineStrong: string;
  text: string;
  soft: string;
  faint: string;
  accent: string;
  focus: string;
  notice: string;
  noticeSurface: string;
  /** Tints of regions, by their place in turn. */
  tints: string[];
  /** Font families. */
  mono: string;
  sans: string;
}

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
