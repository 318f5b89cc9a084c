export { activityAdvice } from './advise.ts';
export { activityRouter } from './router.ts';
