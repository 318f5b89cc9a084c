export { migrationsRouter } from './router.ts';
