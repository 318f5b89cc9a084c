export { storageRoom } from './router.ts';
