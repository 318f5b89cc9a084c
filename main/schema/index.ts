export { collectModel } from './collect.ts';
export { readSchema } from './read-schema.ts';
export { type SchemaNeeds, schemaRoom } from './router.ts';
export { following } from './text-progress.ts';
