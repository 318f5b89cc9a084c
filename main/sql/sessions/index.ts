export { sessionProcedures } from './procedures.ts';
export { openWorkbench } from './workbench.ts';
