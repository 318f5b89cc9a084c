/**
 * Source text with what is no code blanked out, offset by offset: the inside of comments and strings becomes spaces
 * (line ends stay), the quotes stay. So that words found in it are code, and a string's content is at the same offsets
 * of the original.
 */
export type Language = 'javascript' | 'ruby' | 'php' | 'elixir';

interface Rules {
  lineComments: string[];
  /** Opening and closing; `lineStart`: only at a line's beginning. */
  blockComments: { open: string; close: string; lineStart?: boolean }[];
  quotes: string[];
  /** Quotes whose string may hold line ends. */
  multiline: string[];
  heredoc?: RegExp;
  regexes?: boolean;
}

const RULES: Record<Language, Rules> = {
  javascript: {
    lineComments: ['//'],
    blockComments: [{ open: '/*', close: '*/' }],
    quotes: ['"', "'"],
    multiline: [],
    regexes: true,
  },
  ruby: {
    lineComments: ['#'],
    blockComments: [{ open: '=begin', close: '\n=end', lineStart: true }],
    quotes: ['"', "'", '`'],
    multiline: ['"', "'", '`'],
    heredoc: /<<[~-]?(['"`]?)([A-Za-z_]\w*)\1(?=[^\n]*\n)/y,
  },
  php: {
    lineComments: ['//', '#'],
    blockComments: [{ open: '/*', close: '*/' }],
    quotes: ['"', "'", '`'],
    multiline: ['"', "'", '`'],
    heredoc: /<<<[ \t]*(['"]?)([A-Za-z_]\w*)\1(?=[^\n]*\n)/y,
  },
  elixir: {
    lineComments: ['#'],
    blockComments: [],
    quotes: ['"""', "'''", '"', "'"],
    multiline: ['"""', "'''", '"', "'"],
  },
};

const PLAIN: Record<Language, RegExp> = {
  javascript: /[^/'"`\n{}]+/y,
  ruby: /[^#'"`\n=<]+/y,
  php: /[^/#'"`\n<]+/y,
  elixir: /[^#'"\n]+/y,
};

/** Characters. */
const TAIL = 40;

export function masked(text: string, language: Language): string {
  const rules = RULES[language];
  const plain = PLAIN[language];
  let out = '';
  let at = 0;
  /** Ends of heredocs announced in this line. */
  const heredocs: string[] = [];
  /** Braces open within each template literal that is open around this place. */
  const templates: number[] = [];

  /** The last code, for telling a division from a regular expression. */
  let tail = '';
  const keep = (end: number): void => {
    out += text.slice(at, end);
    tail = (tail + text.slice(Math.max(at, end - TAIL), end)).slice(-TAIL);
    at = end;
  };
  const blank = (end: number): void => {
    out += text.slice(at, end).replace(/[^\n]/g, ' ');
    at = end;
  };
  const template = (): void => {
    const end = templateStretch(text, at);
    blank(end);
    if (text.startsWith('${', at)) {
      templates.push(0);
      keep(at + 2);
    } else if (at < text.length) keep(at + 1);
  };

  while (at < text.length) {
    plain.lastIndex = at;
    const run = plain.exec(text)?.[0].length;
    if (run) {
      keep(at + run);
      continue;
    }
    const block = rules.blockComments.find(
      ({ open, lineStart }) => text.startsWith(open, at) && (!lineStart || at === 0 || text[at - 1] === '\n'),
    );
    if (block) {
      blank(behind(text, block.close, at + block.open.length));
      continue;
    }
    // PHP's attributes begin as its comments do.
    const comment = rules.lineComments.some((mark) => text.startsWith(mark, at));
    if (comment && !(language === 'php' && text.startsWith('#[', at))) {
      const end = text.indexOf('\n', at);
      blank(end < 0 ? text.length : end);
      continue;
    }
    const char = text[at] as string;
    if (language === 'javascript') {
      if (char === '`') {
        keep(at + 1);
        template();
        continue;
      }
      if (templates.length > 0 && (char === '{' || char === '}')) {
        const open = templates[templates.length - 1] as number;
        keep(at + 1);
        if (char === '}' && open === 0) {
          templates.pop();
          template();
        } else templates[templates.length - 1] = open + (char === '{' ? 1 : -1);
        continue;
      }
      if (char === '/' && beginsRegex(tail)) {
        const end = regexEnd(text, at);
        if (end) {
          keep(at + 1);
          blank(end - 1);
          keep(end);
          continue;
        }
      }
    }
    const quote = rules.quotes.find((mark) => text.startsWith(mark, at));
    if (quote) {
      const end = quotedEnd(text, at, quote, rules.multiline.includes(quote));
      const closed = text.startsWith(quote, end - quote.length) && end - at >= 2 * quote.length;
      keep(at + quote.length);
      blank(closed ? end - quote.length : end);
      if (closed) keep(end);
      continue;
    }
    if (rules.heredoc) {
      rules.heredoc.lastIndex = at;
      const match = rules.heredoc.exec(text);
      if (match) {
        heredocs.push(match[2] as string);
        keep(at + match[0].length);
        continue;
      }
    }
    keep(at + 1);
    if (char === '\n') while (heredocs.length > 0) blank(heredocEnd(text, at, heredocs.shift() as string));
  }
  return out;
}

function behind(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}

function quotedEnd(text: string, at: number, quote: string, multiline: boolean): number {
  for (let end = at + quote.length; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text.startsWith(quote, end)) return end + quote.length;
    else if (!multiline && text[end] === '\n') return end;
  }
  return text.length;
}

/** The end of a template literal's own text: before its backtick or the next `${`. */
function templateStretch(text: string, at: number): number {
  for (let end = at; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === '`' || text.startsWith('${', end)) return end;
  }
  return text.length;
}

/** A slash begins a regular expression where no value stands before it to be divided. */
const beginsRegex = (before: string): boolean =>
  /(?:^|[=(,:;!&|?+\-*%~^<>[{}]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw))\s*$/.test(before);

function regexEnd(text: string, at: number): number | undefined {
  let inClass = false;
  for (let end = at + 1; end < text.length && text[end] !== '\n'; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === '[') inClass = true;
    else if (text[end] === ']') inClass = false;
    else if (text[end] === '/' && !inClass) return end + 1;
  }
  return undefined;
}

function heredocEnd(text: string, at: number, mark: string): number {
  const end = new RegExp(`^[ \\t]*${mark}\\b`, 'm');
  const found = end.exec(text.slice(at));
  return found ? at + found.index + found[0].length : text.length;
}
