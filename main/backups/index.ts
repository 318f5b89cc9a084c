export { backupsRoom } from './router.ts';
