export { locksRoom } from './router.ts';
