export { choose, readersOf, type Wanted } from './choose.ts';
export { type AddedTools, faultIn } from './command-lines.ts';
export { openTools } from './finder.ts';
export { installCommand } from './install.ts';
export type { Machine } from './places.ts';
