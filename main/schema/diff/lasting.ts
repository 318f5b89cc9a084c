import type { ObjectKind } from '../ddl/schema-object.ts';

/** Dropped at the end, when nothing uses them any more; all else goes first. */
export const late: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  'schema',
  'extension',
  'type',
  'foreign server',
  'routine',
  'language',
  'access method',
  'collation',
  'foreign-data wrapper',
  'operator',
  'operator family',
  'operator class',
  'cast',
  'text search parser',
  'text search template',
  'text search dictionary',
  'text search configuration',
  'default privileges',
]);

/** Not dropped because something that they need is: they hold data, or can be altered to need it no more. */
export const lasting: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  'schema',
  'extension',
  'type',
  'foreign server',
  'sequence',
  'table',
  'foreign table',
]);
