export { type GrowingResult, openResults, type Results } from './results.ts';
export type { TextRow } from './spool.ts';
