/** How well a text matches: more is better. `marks` are the positions of the matched characters. */
export interface Match {
  score: number;
  marks: number[];
}

/**
 * Matches each word of a query as a run of characters in order, not necessarily side by side. Characters at
 * word starts and beside each other weigh more, and so does a match in a shorter text.
 *
 * @returns undefined when a word is not in the text.
 */
export function fuzzyMatch(query: string, text: string): Match | undefined {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const folded = fold(text);
  let score = 0;
  const marks: number[] = [];
  for (const word of words) {
    const match = matchWord(word, folded, text);
    if (!match) return undefined;
    score += match.score;
    marks.push(...match.marks);
  }
  return { score: score - text.length * 0.05, marks: marks.sort((a, b) => a - b) };
}

/** Same length as the text, so that positions hold; without case and without the commonest accents. */
function fold(text: string): string {
  return [...text].map((character) => foldOne(character)).join('');
}

function foldOne(character: string): string {
  const plain = character
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return plain.length === character.length ? plain : character;
}

/** Matches one word only where it stands whole. */
export function wholeMatch(word: string, text: string): Match | undefined {
  const sought = fold(word);
  const folded = fold(text);
  const first = folded.indexOf(sought);
  if (sought === '' || first < 0) return undefined;
  const at = bestWhole(sought, folded, text, first);
  const marks = Array.from({ length: sought.length }, (_, index) => at + index);
  return { score: sought.length * 4 + (isWordStart(text, at) ? 8 : 0) + (at === 0 ? 4 : 0), marks };
}

function matchWord(word: string, folded: string, text: string): Match | undefined {
  const whole = wholeMatch(word, text);
  if (whole) return whole;
  let score = 0;
  let from = 0;
  const marks: number[] = [];
  for (const character of word) {
    const at = folded.indexOf(character, from);
    if (at < 0) return undefined;
    const isNext = at === from && marks.length > 0;
    score += isNext ? 3 : isWordStart(text, at) ? 2.5 : 0.5 - Math.min(0.4, (at - from) * 0.05);
    marks.push(at);
    from = at + character.length;
  }
  // Letters strewn over a text are hardly what was meant.
  return score >= word.length * 1.4 ? { score, marks } : undefined;
}

function bestWhole(word: string, folded: string, text: string, first: number): number {
  for (let at = first; at >= 0; at = folded.indexOf(word, at + 1)) if (isWordStart(text, at)) return at;
  return first;
}

function isWordStart(text: string, at: number): boolean {
  if (at === 0) return true;
  const before = text[at - 1] ?? '';
  if (/[\s\-_.:/@]/.test(before)) return true;
  return /\p{Lu}/u.test(text[at] ?? '') && /\p{Ll}/u.test(before);
}
