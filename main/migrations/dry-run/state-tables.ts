import type { StateTable } from '../tool.ts';
import type { TableName } from './copy.ts';

/** Tables that a tool keeps beside its state table, in the same schema (each reader names its sources). */
const beside: Partial<Record<StateTable['tool'], (name: string) => string[]>> = {
  knex: (name) => [`${name}_lock`],
  liquibase: (name) => [`${name}lock`],
  rails: () => ['ar_internal_metadata'],
};

/** All tables that say which migrations are applied, those first that others refer to. */
export function stateTables({ tool, schema, name }: StateTable): TableName[] {
  const all =
    tool === 'sqitch'
      ? ['releases', 'projects', name, 'tags', 'dependencies', 'events']
      : [name, ...(beside[tool]?.(name) ?? [])];
  return all.map((one) => ({ schema, name: one }));
}
