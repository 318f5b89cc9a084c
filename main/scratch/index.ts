export { type PreparedExtensions, prepareExtensions } from './extensions.ts';
export { ScratchLimit, type ScratchLimits } from './limits.ts';
export { type OpenScratchOptions, type Scratch, type ScratchRoom, scratchRoom } from './scratch.ts';
