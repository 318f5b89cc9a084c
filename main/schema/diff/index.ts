export {
  type AttributeDifference,
  type CompareOptions,
  compareSchemas,
  type Difference,
} from './compare.ts';
export { type Migration, type MigrationStatement, migrationScript } from './migrate.ts';
