export type { MetricValues } from './rates.ts';
export { isClientSession } from './read-sample.ts';
export { type SampledState, type Sampler, type SamplerEvents, startSampler } from './sampler.ts';
