export { type Beat, startBeat } from './beat.ts';
export { type Extension, extensionOf, knownColumns, knownFunctions, missingColumns } from './probe.ts';
export type { MonitoringNeeds, MonitoringRoom } from './room.ts';
