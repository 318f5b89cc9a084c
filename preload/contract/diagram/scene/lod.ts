/** How much of a box is drawn. */
export type Level = 'far' | 'middle' | 'near';

/** From these scales on (px per unit). Below `middle` a row would be under 5 px high, below `near` its text under 7 px. */
export const levels = { middle: 0.22, near: 0.58 } as const;

export function levelOf(scale: number): Level {
  return scale >= levels.near ? 'near' : scale >= levels.middle ? 'middle' : 'far';
}
