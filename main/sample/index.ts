export { sampleRoom } from './router.ts';
export { readSamplePassword, sampleStatus, startSample, stopSample } from './sample.ts';
