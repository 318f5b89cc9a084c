import { type Outline, outlineOf, PlanUnreadable } from './outline.ts';
import { fromTextFormat, looksLikeTextPlan } from './text-format.ts';
import { jsonWithin, undecorated } from './undecorate.ts';

/** Characters of a plan that are read at most. */
export const longestPlan = 24_000_000;

/**
 * Reads a plan as a server, a client or a log gave it: JSON or text format, with or without what psql puts around it.
 *
 * @throws {PlanUnreadable} saying what it is instead
 */
export function outlineOfText(text: string): Outline {
  if (text.length > longestPlan)
    throw new PlanUnreadable(`It has ${text.length} characters; plans of up to ${longestPlan} are read.`);
  if (text.trim() === '') throw new PlanUnreadable('It is empty.');
  const direct = parseJson(text);
  if (direct !== undefined) return outlineOf(direct);
  const plain = undecorated(text);
  const within = jsonWithin(plain);
  const found = within === undefined ? undefined : parseJson(within);
  if (found !== undefined) return outlineOf(found);
  if (/^\s*<(?:\?xml|explain)/i.test(plain))
    throw new PlanUnreadable('It is a plan in XML. Ask for FORMAT JSON.');
  if (/^-?\s*Plan:\s*$/m.test(plain)) throw new PlanUnreadable('It is a plan in YAML. Ask for FORMAT JSON.');
  if (looksLikeTextPlan(plain)) return outlineOf(fromTextFormat(plain));
  throw new PlanUnreadable(
    within === undefined && !/^[[{]/.test(plain)
      ? 'It is neither JSON nor EXPLAIN’s text format.'
      : 'It begins like JSON and is not whole: a part of it may be missing.',
  );
}

/** The query's identifier is an int8, which JSON.parse would round. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/("Query Identifier":\s*)(-?\d{16,20})/, '$1"$2"'));
  } catch {
    return undefined;
  }
}
