import type { SchemaModel } from '../../../preload/contract/schema-model.ts';

/** The lists of a model, without what the connection itself tells. */
export type Lists = Omit<SchemaModel, 'at' | 'server' | 'database' | 'user' | 'unseen'>;
