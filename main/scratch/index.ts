export { type OpenScratchOptions, type Scratch, type ScratchRoom, scratchRoom } from './scratch.ts';
