export { collectModel } from './collect.ts';
export type { ModelTools } from './model-tools.ts';
export { readSchema } from './read-schema.ts';
export { schemaRoom } from './router.ts';
export { scratchSessions } from './sql-source.ts';
