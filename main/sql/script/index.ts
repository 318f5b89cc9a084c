export { bind } from './parameters.ts';
export type { Judged } from './risk.ts';
export { commandOf, judgeText, readScript } from './script.ts';
