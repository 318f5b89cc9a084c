/**
 * Said by the thread that joins, where only the text of an error comes through: something was dropped between the
 * snapshot and the printing of its name, and all is to be read anew.
 */
export const droppedMeanwhile = 'A type was dropped while it was read about.';

/** `format_type` prints this, unquoted, for a type that it does not find. @throws for such a text */
export function typeText(text: string): string {
  if (text === '???' || text === '???[]') throw new Error(droppedMeanwhile);
  return text;
}
