export { planAdvice } from './advice.ts';
export { planProcedures } from './procedures.ts';
