export { healthRoom } from './router.ts';
