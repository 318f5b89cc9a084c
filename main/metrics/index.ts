export { windowMs } from './grains.ts';
export { type MetricStore, openMetricStore } from './metric-store.ts';
export { type MetricPoint, metricsRouter } from './router.ts';
export { type SizeBeat, startSizeBeat } from './size-beat.ts';
