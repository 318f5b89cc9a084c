const mark = '•••';

/** A copy of an input that may be written down: passwords are replaced, also inside URLs. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string')
    return value
      .replace(/(\w+:\/\/[^/?#\s:@]*):[^@/?#\s]*@/g, `$1:${mark}@`)
      .replace(/([?&]password=)[^&#\s]*/gi, `$1${mark}`);
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        /passw|secret|token/i.test(name) ? mark : redact(inner),
      ]),
    );
  }
  return value;
}
