export { queriesRoom } from './router.ts';
