export { serverRoom } from './router.ts';
