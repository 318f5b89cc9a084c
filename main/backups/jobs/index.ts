export { openJobs } from './open-jobs.ts';
export { noteOverlapOutside } from './overlap-outside.ts';
export { jobProcedures } from './procedures.ts';
export { reach } from './reach.ts';
