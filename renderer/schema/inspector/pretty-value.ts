/**
 * A value as it is shown in full: JSON objects and lists on lines of their own, everything else as the server prints
 * it. What was cut short is no JSON any more, and numbers beyond what JavaScript holds exactly would come back changed:
 * both stay as they are.
 */
export function prettyValue(value: string): string {
  const first = value.trimStart()[0];
  if (first !== '{' && first !== '[') return value;
  if (/\d{16}|\d\.\d{15}|[eE][+-]?\d{3}/.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
