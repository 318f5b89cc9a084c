/** A logical line of Python: brackets, triple quotes and backslashes join lines of the file. */
export interface LogicalLine {
  /** Columns of its first character; a tab counts as one. */
  indent: number;
  /** Offset of its first character. */
  start: number;
  /** Offset behind its last character, a comment behind it included. */
  end: number;
}

export interface PythonLines {
  lines: LogicalLine[];
  /** Set when Python could not read it either: what is never closed, and where it begins (1-based line). */
  fault: { what: string; line: number } | undefined;
}

const ORDINARY = /[^'"#\n\\()[\]{}]+/y;

/**
 * Splits a source into logical lines, following only strings, comments and brackets (The Python Language Reference,
 * chapter 2). Empty and comment lines are left out. It goes on after a fault as far as it can.
 */
export function logicalLines(text: string): PythonLines {
  const lines: LogicalLine[] = [];
  const open: number[] = [];
  let fault: { what: string; at: number } | undefined;
  let lineStart = -1;
  let indent = 0;
  let column = 0;
  let at = 0;

  const begin = (): void => {
    if (lineStart < 0) {
      lineStart = at;
      indent = column;
    }
  };
  const finish = (): void => {
    if (lineStart >= 0) lines.push({ indent, start: lineStart, end: at });
    lineStart = -1;
  };

  while (at < text.length) {
    const char = text[at] as string;
    if (lineStart < 0 && (char === ' ' || char === '\t' || char === '\f' || char === '\r')) {
      column++;
      at++;
    } else if (char === '\n') {
      if (open.length === 0) finish();
      at++;
      column = 0;
    } else if (char === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (char === '"' || char === "'") {
      begin();
      const string = stringEnd(text, at);
      if (!string.closed) fault ??= { what: 'a string', at };
      at = string.end;
    } else if (char === '\\') {
      begin();
      at += text.startsWith('\r\n', at + 1) ? 3 : 2;
    } else if (char === '(' || char === '[' || char === '{') {
      begin();
      open.push(at);
      at++;
    } else if (char === ')' || char === ']' || char === '}') {
      begin();
      open.pop();
      at++;
    } else {
      begin();
      ORDINARY.lastIndex = at;
      at += ORDINARY.exec(text)?.[0].length ?? 1;
    }
  }
  at = text.length;
  finish();
  if (open.length > 0) fault ??= { what: 'a bracket', at: open[open.length - 1] as number };
  return { lines, fault: fault && { what: fault.what, line: lineOf(text, fault.at) } };
}

/** Where the string that begins with the quote at `at` ends, behind its last quote. */
export function stringEnd(text: string, at: number): { end: number; closed: boolean } {
  const quote = text[at] as string;
  const triple = text.startsWith(quote.repeat(3), at);
  const closing = triple ? quote.repeat(3) : quote;
  const telling = triple ? TRIPLE[quote] : SINGLE[quote];
  if (!telling) return { end: at + 1, closed: false };
  for (let from = at + closing.length; ; ) {
    telling.lastIndex = from;
    const match = telling.exec(text);
    if (!match) return { end: text.length, closed: false };
    if (match[0] === closing) return { end: match.index + closing.length, closed: true };
    if (match[0] === '\n') return { end: match.index, closed: false };
    from = match.index + (text.startsWith('\r\n', match.index + 1) ? 3 : 2);
  }
}

/** What may end a string or keeps the next character from doing so. */
const SINGLE: Record<string, RegExp> = { '"': /["\\\n]/g, "'": /['\\\n]/g };
const TRIPLE: Record<string, RegExp> = { '"': /"""|\\/g, "'": /'''|\\/g };

/** 1-based line of an offset. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
