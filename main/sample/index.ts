export { SampleError } from './errors.ts';
export { sampleRoom } from './router.ts';
export { readSamplePassword, removeSample, sampleStatus, startSample, stopSample } from './sample.ts';
export type {
  BinariesSource,
  SampleConnection,
  SampleOptions,
  SampleProgress,
  SampleServer,
  SampleStatus,
  SampleSystem,
} from './types.ts';
export { runWorkload, startWorkload, type Workload, type WorkloadOptions } from './workload.ts';
