import type { EnvironmentColor } from '../../preload/contract/environments.ts';
import { environmentColor } from '../theme/colors.ts';

/** An environment's colour as an upright bar: never round, so that it is not taken for a state. */
export function Swatch({ color, height = 16 }: { color: EnvironmentColor; height?: number }) {
  return (
    <svg width="4" height={height} aria-hidden style={{ flex: 'none', display: 'block' }}>
      <rect width="4" height={height} rx="1.5" style={{ fill: environmentColor(color) }} />
    </svg>
  );
}
