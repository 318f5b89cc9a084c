export { checkProtection, checkTypedName } from './confirmation.ts';
export { redact } from './redact.ts';
