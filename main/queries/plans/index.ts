export { planProcedures } from './procedures.ts';
