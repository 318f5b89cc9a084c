/** The range of a partition as the server writes it; a side is null where it has no end. */
export interface Range {
  from: string | null;
  to: string | null;
}

/**
 * Reads `FOR VALUES FROM ('2025-01-01') TO ('2025-01-02')` of a table that is partitioned by one column
 * (`get_rule_expr` of ruleutils.c). Undefined for the default partition and for whatever else it may be.
 */
export function readRange(bound: string): Range | undefined {
  const match = /^FOR VALUES FROM \((.*)\) TO \((.*)\)$/s.exec(bound.trim());
  const from = readValue(match?.[1]);
  const to = readValue(match?.[2]);
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** A literal of one value; null for MINVALUE and MAXVALUE; undefined for lists and what is no literal. */
function readValue(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'MINVALUE' || text === 'MAXVALUE') return null;
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  const quoted = /^'((?:[^']|'')*)'(?:::[\w ]+(?:\(\d+\))?)?$/s.exec(text)?.[1];
  return quoted?.replaceAll("''", "'");
}
