export { openEngines } from './engines.ts';
export { engineProcedures } from './procedures.ts';
