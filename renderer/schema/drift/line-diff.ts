/** A run of things that both have, or that only one has. */
export interface Run {
  side: 'both' | 'wanted' | 'actual';
  items: string[];
}

/** A line of two texts beside each other. Line numbers count from 1. */
export interface PairedLine {
  /** The same on both sides, other on each, or on one alone. */
  same: boolean;
  wanted: { number: number; text: string; marks: Mark[] } | null;
  actual: { number: number; text: string; marks: Mark[] } | null;
}

/** What differs within a line, from and to as positions in its text. */
export interface Mark {
  from: number;
  to: number;
}

/** Cells of the table at most, so that it takes no longer than a frame or two; beyond, a block stands for a block. */
const mostCells = 1_500_000;

/**
 * Two texts line by line, beside each other. Lines that stand in each other's place carry marks on the words that
 * differ. `ignoreSpace`: lines that differ in nothing but white space are the same.
 */
export function pairLines(wanted: string, actual: string, { ignoreSpace = false } = {}): PairedLine[] {
  const ours = wanted.split(lineEnd);
  const theirs = actual.split(lineEnd);
  const keyOf = (line: string): string => (ignoreSpace ? line.replace(/\s+/g, ' ').trim() : line);
  const rows: PairedLine[] = [];
  const at = { wanted: 0, actual: 0 };
  const take = (side: 'wanted' | 'actual', marks: Mark[] = []) => {
    const text = (side === 'wanted' ? ours : theirs)[at[side]] ?? '';
    at[side] += 1;
    return { number: at[side], text, marks };
  };
  const runs = diff(ours.map(keyOf), theirs.map(keyOf));
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index];
    if (!run) continue;
    if (run.side === 'both') {
      for (const _ of run.items) rows.push({ same: true, wanted: take('wanted'), actual: take('actual') });
      continue;
    }
    // A run of the one side and the next one of the other stand in each other's place.
    const next = runs[index + 1];
    const isPaired = next !== undefined && next.side !== 'both' && next.side !== run.side;
    const many = { wanted: 0, actual: 0, [run.side]: run.items.length };
    if (isPaired) {
      many[next.side === 'wanted' ? 'wanted' : 'actual'] = next.items.length;
      index += 1;
    }
    for (let line = 0; line < Math.max(many.wanted, many.actual); line += 1) {
      const hasBoth = line < many.wanted && line < many.actual;
      const marks = hasBoth
        ? markWords(ours[at.wanted] ?? '', theirs[at.actual] ?? '', ignoreSpace)
        : undefined;
      rows.push({
        same: false,
        wanted: line < many.wanted ? take('wanted', marks?.wanted) : null,
        actual: line < many.actual ? take('actual', marks?.actual) : null,
      });
    }
  }
  return rows;
}

/** Lines to be shown, or how many that are the same are folded in their place. */
export type FoldedLine = PairedLine | { folded: number };

/** Folds long runs of lines that are the same, leaving a few around each difference. */
export function foldSame(lines: readonly PairedLine[], around = 3): FoldedLine[] {
  const isNear = new Array<boolean>(lines.length).fill(false);
  lines.forEach((line, index) => {
    if (!line.same) isNear.fill(true, Math.max(0, index - around), index + around + 1);
  });
  const folded: FoldedLine[] = [];
  for (let index = 0; index < lines.length; ) {
    let end = index;
    while (end < lines.length && !isNear[end]) end += 1;
    // A fold takes a line itself: one or two are better shown.
    if (end - index > 2) {
      folded.push({ folded: end - index });
      index = end;
      continue;
    }
    const line = lines[index];
    if (line) folded.push(line);
    index += 1;
  }
  return folded;
}

const lineEnd = /\r\n|\n|\r/;

/** What differs within two lines, word by word. Lines that have next to nothing in common carry no marks. */
export function markWords(
  wanted: string,
  actual: string,
  ignoreSpace = false,
): { wanted: Mark[]; actual: Mark[] } {
  const marks = { wanted: [] as Mark[], actual: [] as Mark[] };
  const at = { wanted: 0, actual: 0 };
  let common = 0;
  for (const { side, items } of diff(words(wanted), words(actual))) {
    const length = items.join('').length;
    if (side === 'both') {
      common += items.join('').trim().length;
      at.wanted += length;
      at.actual += length;
      continue;
    }
    const isSpace = items.every((item) => item.trim() === '');
    if (!ignoreSpace || !isSpace) marks[side].push({ from: at[side], to: at[side] + length });
    at[side] += length;
  }
  const longer = Math.max(wanted.trim().length, actual.trim().length);
  return common * 4 < longer ? { wanted: [], actual: [] } : marks;
}

const words = (text: string): string[] => text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];

/** A longest common subsequence of two lists, as runs in order; of two runs in each other's place, wanted comes first. */
export function diff(wanted: readonly string[], actual: readonly string[]): Run[] {
  let start = 0;
  while (start < wanted.length && start < actual.length && wanted[start] === actual[start]) start += 1;
  let end = 0;
  while (
    end < wanted.length - start &&
    end < actual.length - start &&
    wanted[wanted.length - 1 - end] === actual[actual.length - 1 - end]
  ) {
    end += 1;
  }
  const runs: Run[] = [];
  const add = (side: Run['side'], items: readonly string[]): void => {
    if (items.length === 0) return;
    const last = runs.at(-1);
    if (last?.side === side) last.items.push(...items);
    else runs.push({ side, items: [...items] });
  };
  add('both', wanted.slice(0, start));
  between(wanted.slice(start, wanted.length - end), actual.slice(start, actual.length - end), add);
  add('both', wanted.slice(wanted.length - end));
  return runs;
}

function between(
  wanted: readonly string[],
  actual: readonly string[],
  add: (side: Run['side'], items: readonly string[]) => void,
): void {
  const rows = wanted.length;
  const columns = actual.length;
  if (rows === 0 || columns === 0 || rows * columns > mostCells) {
    add('wanted', wanted);
    add('actual', actual);
    return;
  }
  // lengths[row][column]: of the longest common subsequence of what follows from there.
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        wanted[row] === actual[column]
          ? (lengths[(row + 1) * width + column + 1] ?? 0) + 1
          : Math.max(lengths[(row + 1) * width + column] ?? 0, lengths[row * width + column + 1] ?? 0);
    }
  }
  let row = 0;
  let column = 0;
  let ours: string[] = [];
  let theirs: string[] = [];
  const flush = (): void => {
    add('wanted', ours);
    add('actual', theirs);
    ours = [];
    theirs = [];
  };
  while (row < rows || column < columns) {
    if (row < rows && column < columns && wanted[row] === actual[column]) {
      flush();
      add('both', [wanted[row] ?? '']);
      row += 1;
      column += 1;
    } else if (
      row < rows &&
      (column === columns ||
        (lengths[(row + 1) * width + column] ?? 0) >= (lengths[row * width + column + 1] ?? 0))
    ) {
      ours.push(wanted[row] ?? '');
      row += 1;
    } else {
      theirs.push(actual[column] ?? '');
      column += 1;
    }
  }
  flush();
}
