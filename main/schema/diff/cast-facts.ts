/** Whether a default is computed anew for each row: then ADD COLUMN writes them all (ALTER TABLE, notes). */
export function isVolatile(expression: string): 'no' | 'yes' | 'perhaps' {
  const outside = expression.replace(/E?'(?:[^']|'')*'/gs, '').replace(/"(?:[^"]|"")*"/gs, 'q');
  if (
    /\b(nextval|random|gen_random_uuid|clock_timestamp|timeofday|uuid_generate_v\d\w*|setval|uuidv[47])\s*\(/i.test(
      outside,
    )
  )
    return 'yes';
  const calls = [...outside.matchAll(/([\w.]+)\s*\(/g)].map(([, name]) => (name ?? '').toLowerCase());
  const harmless = new Set([
    'now',
    'varchar',
    'character',
    'numeric',
    'varying',
    'timestamp',
    'time',
    'bit',
    'char',
    'interval',
    'current_setting',
    'date_trunc',
    'lower',
    'upper',
    'coalesce',
    'transaction_timestamp',
    'statement_timestamp',
    'timezone',
    'bpchar',
    'jsonb_build_object',
    'to_char',
  ]);
  return calls.every((name) => harmless.has(name)) ? 'no' : 'perhaps';
}

/**
 * Whether a column's new type holds every value of the old one as it is stored (ALTER TABLE, notes: no rewrite when the
 * old type is binary coercible to the new one and no check of length is needed).
 */
export function isWidening(from: string, to: string): boolean {
  const text = (type: string) => /^(?:text|character varying(?:\((\d+)\))?)$/.exec(type);
  const one = text(from);
  const other = text(to);
  if (one && other)
    return other[1] === undefined || (one[1] !== undefined && Number(one[1]) <= Number(other[1]));
  const numeric = (type: string) => /^numeric(?:\((\d+),(-?\d+)\))?$/.exec(type);
  const before = numeric(from);
  const after = numeric(to);
  if (before && after) {
    return (
      after[1] === undefined || (before[2] === after[2] && Number(before[1] ?? Infinity) <= Number(after[1]))
    );
  }
  return false;
}

/** Types whose every value the other can hold, though it is stored otherwise. */
export function losesNothing(from: string, to: string): boolean {
  if (isWidening(from, to) || to === 'text') return true;
  const order = ['smallint', 'integer', 'bigint', 'numeric'];
  const at = order.indexOf(from);
  return at >= 0 && order.indexOf(to) > at;
}

const families = [
  /^(?:smallint|integer|bigint|numeric|real|double precision)\b/,
  /^(?:date|timestamp)\b/,
  /^(?:text|character)\b/,
];

/** Whether there surely is a cast. Every type can be read from the text that it is written as, if the value allows. */
export function castsDirectly(from: string, to: string): boolean {
  if (/\[\]$/.test(from) !== /\[\]$/.test(to)) return false;
  return from === to || families.some((family) => family.test(from) && family.test(to)) || to === 'text';
}
