export { swapProcedures } from './procedures.ts';
export { openSwaps, type Swaps } from './swaps.ts';
