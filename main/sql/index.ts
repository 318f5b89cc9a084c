export { sqlRoom } from './router.ts';
