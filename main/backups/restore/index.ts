export { dropKept } from './drop-kept.ts';
export type { RestoreNeeds, RestoreSource } from './needs.ts';
export { planRestore } from './plan.ts';
export { Refused } from './refused.ts';
export { restore } from './run.ts';
export { sourceOf } from './source.ts';
export { swapBack } from './swap-back.ts';
export { verifyRestorable } from './trial.ts';
