/** The colours and fonts of a diagram. Plain, so that it can cross to a worker. */
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
