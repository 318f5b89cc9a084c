import pg from 'pg';

/**
 * Types of which JavaScript's own form loses nothing: bool, int2, int4, oid, float4, float8, json, jsonb, and
 * arrays of int4 and text. Everything else, int8, numeric and timestamps above all, stays the server's text.
 */
const parsed = new Set([16, 21, 23, 26, 700, 701, 114, 3802, 1007, 1009]);

/** Type parsers for one connection; the library's global ones are left alone. */
export const textTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    parsed.has(oid) ? pg.types.getTypeParser(oid, format as 'text') : (value: string) => value,
};
