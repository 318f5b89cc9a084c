export { collectModel } from './collect.ts';
export { exportAs } from './export/index.ts';
export { readSchema } from './read-schema.ts';
export { type SchemaNeeds, schemaRouter } from './router.ts';
