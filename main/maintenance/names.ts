import { escapeIdentifier } from 'pg';

/** A name as an identifier of SQL. */
export const quoted = escapeIdentifier;

/** `"schema"."name"`. */
export const qualified = ({ schema, name }: { schema: string; name: string }): string =>
  `${quoted(schema)}.${quoted(name)}`;

/** As a person writes it, for sentences. */
export const shown = ({ schema, name }: { schema: string; name: string }): string => `${schema}.${name}`;

/** A singular or plural noun with its count. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
