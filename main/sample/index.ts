export { sampleRoom } from './router.ts';
export { readSamplePassword } from './sample.ts';
