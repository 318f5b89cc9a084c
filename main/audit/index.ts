export { type AuditLog, openAuditLog } from './audit-log.ts';
export { auditRouter } from './router.ts';
