export { activityRouter } from './router.ts';
