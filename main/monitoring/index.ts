export { type Beat, startBeat } from './beat.ts';
export { extensionOf, knownColumns, knownFunctions } from './probe.ts';
export type { MonitoringNeeds, MonitoringRoom } from './room.ts';
