export type { Clock as JobClock } from './jobs/index.ts';
export { backupsRoom } from './router.ts';
