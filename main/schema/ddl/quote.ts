import { escapeIdentifier, escapeLiteral } from 'pg';
import { hiddenValue } from '../foreign-options.ts';

/** A name as an identifier of SQL. */
export const quoted = escapeIdentifier;

/** A text as a literal of SQL. */
export const literal = (text: string): string => escapeLiteral(text).trim();

/** `"schema"."name"`. */
export const qualified = (schema: string, name: string): string => `${quoted(schema)}.${quoted(name)}`;

/** Storage parameters as an ACL of names has them (`fillfactor=70`), written for `WITH (…)` or `SET (…)`. */
export function parameters(options: string[]): string {
  return options
    .map((option) => {
      const { name, value } = splitOption(option);
      return `${parameterName(name)}=${literal(value)}`;
    })
    .join(', ');
}

/** `toast.fillfactor` is a name in a namespace, not a name with a dot. */
export function parameterName(name: string): string {
  return name.split('.').map(quoted).join('.');
}

/** Options of a foreign server, table or column, written for `OPTIONS (…)`. */
export function foreignOptions(options: string[]): string {
  return visibleOptions(options)
    .map((option) => {
      const { name, value } = splitOption(option);
      return `${quoted(name)} ${literal(value)}`;
    })
    .join(', ');
}

/** Those of them that can be written. */
export const visibleOptions = (options: string[]): string[] =>
  options.filter((option) => splitOption(option).value !== hiddenValue);

export function splitOption(option: string): { name: string; value: string } {
  const at = option.indexOf('=');
  return at < 0
    ? { name: option, value: 'true' }
    : { name: option.slice(0, at), value: option.slice(at + 1) };
}

/** A text within a line comment: no line of it can end the comment. */
export const commented = (text: string): string =>
  text
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => `-- ${line}`)
    .join('\n');
