export { compareSchemas } from './compare.ts';
export { migrationScript } from './migrate.ts';
