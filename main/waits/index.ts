export { waitsRoom } from './router.ts';
