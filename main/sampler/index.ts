export { limits } from './limits.ts';
export { takeLockSample } from './lock-sample.ts';
export type { MetricValues } from './rates.ts';
export { isClientSession } from './read-sample.ts';
export { type SampledState, type Sampler, startSampler } from './sampler.ts';
