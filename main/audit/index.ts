export { openActs } from './acts.ts';
export { openAuditLog } from './audit-log.ts';
export { auditRouter } from './router.ts';
