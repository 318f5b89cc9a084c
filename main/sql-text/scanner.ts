/** What the scanner found next, by offsets in the text. */
export interface Found {
  kind: 'statement' | 'meta';
  start: number;
  /** Behind its last character; the semicolon is not part of it. */
  end: number;
  /** It is `COPY … FROM stdin`: rows follow. */
  copiesIn: boolean;
  /** A quote or comment that goes on to the end of the text. */
  open: { what: string; place: number } | undefined;
}

const word = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
const isWordStart = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;

/**
 * Finds where statements begin and end, by the rules of PostgreSQL's `scan.l` and `psqlscan.l`. What lies between is
 * not looked at closer than that takes.
 */
export class Scanner {
  readonly #text: string;
  /** Where to go on. */
  place = 0;
  /** Off: a backslash in a plain quote takes the next character's meaning away. */
  standardStrings = true;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next statement or psql command; undefined at the end. */
  next(): Found | undefined {
    const text = this.#text;
    let start = -1;
    let last = 0;
    let parens = 0;
    let open: Found['open'];
    const words = new Words();
    const found = (end: number): Found => ({
      kind: 'statement',
      start,
      end,
      copiesIn: words.copiesIn,
      open,
    });
    while (this.place < text.length) {
      const at = this.place;
      const code = text.charCodeAt(at);
      if (isSpace(code) || code === 0xfeff) {
        this.place += 1;
        continue;
      }
      const comment = this.#comment(code);
      if (comment === 'whole') continue;
      if (comment === 'open') {
        // A comment that isn't closed swallows what follows, so it must not go unnoticed.
        open = { what: 'The comment', place: at };
        if (start < 0) start = at;
        return found(text.length);
      }
      if (code === 92) {
        // Inside of a statement too: what came before is told first, then the command.
        if (start >= 0) return found(last);
        return this.#meta();
      }
      if (code === 59 && parens === 0 && !words.inBody) {
        this.place += 1;
        if (start < 0) continue;
        return found(last);
      }
      if (start < 0) start = at;
      if (code === 39 || code === 34) open = this.#quoted(code, code === 39 && !this.standardStrings);
      else if (code === 36) open = this.#dollar();
      else if (isWordStart(code)) open = this.#word(words, parens);
      else {
        if (code === 40) parens += 1;
        else if (code === 41 && parens > 0) parens -= 1;
        this.place += 1;
      }
      last = this.place;
      if (open) return found(text.length);
    }
    return start < 0 ? undefined : found(last);
  }

  #comment(code: number): 'whole' | 'open' | undefined {
    const text = this.#text;
    if (code === 45 && text.charCodeAt(this.place + 1) === 45) {
      const end = text.indexOf('\n', this.place);
      this.place = end < 0 ? text.length : end;
      return 'whole';
    }
    if (code !== 47 || text.charCodeAt(this.place + 1) !== 42) return undefined;
    const mark = /\/\*|\*\//g;
    mark.lastIndex = this.place;
    for (let depth = 0; ; ) {
      const next = mark.exec(text);
      if (!next) break;
      depth += next[0] === '/*' ? 1 : -1;
      if (depth > 0) continue;
      this.place = mark.lastIndex;
      return 'whole';
    }
    this.place = text.length;
    return 'open';
  }

  /** A psql command goes to the end of its line. */
  #meta(): Found {
    const start = this.place;
    const end = this.#text.indexOf('\n', start);
    this.place = end < 0 ? this.#text.length : end;
    const stop = this.#text.charCodeAt(this.place - 1) === 13 ? this.place - 1 : this.place;
    return { kind: 'meta', start, end: stop, copiesIn: false, open: undefined };
  }

  /** From a quote to the one that closes it; doubled ones, and escaped ones where those count, are part of it. */
  #quoted(quote: number, escapes: boolean): Found['open'] {
    const text = this.#text;
    const from = this.place;
    const mark = String.fromCharCode(quote);
    for (let at = from + 1; ; ) {
      const close = text.indexOf(mark, at);
      if (close < 0) {
        this.place = text.length;
        return { what: quote === 39 ? 'The text in quotes' : 'The name in quotes', place: from };
      }
      if (escapes) {
        let backslashes = 0;
        while (close - backslashes > at && text.charCodeAt(close - backslashes - 1) === 92) backslashes += 1;
        if (backslashes % 2 === 1) {
          at = close + 1;
          continue;
        }
      }
      if (text.charCodeAt(close + 1) === quote) {
        at = close + 2;
        continue;
      }
      this.place = close + 1;
      return undefined;
    }
  }

  #dollar(): Found['open'] {
    const from = this.place;
    dollarTag.lastIndex = from;
    const tag = dollarTag.exec(this.#text)?.[0];
    if (tag === undefined) {
      this.place += 1;
      return undefined;
    }
    const close = this.#text.indexOf(tag, from + tag.length);
    this.place = close < 0 ? this.#text.length : close + tag.length;
    return close < 0 ? { what: `The text in ${tag}`, place: from } : undefined;
  }

  #word(words: Words, parens: number): Found['open'] {
    word.lastIndex = this.place;
    const text = word.exec(this.#text)?.[0] ?? '';
    if (text.length === 1 && /[eE]/.test(text) && this.#text.charCodeAt(this.place + 1) === 39) {
      this.place += 1;
      return this.#quoted(39, true);
    }
    this.place += text.length;
    if (parens === 0 && text.length <= 16) words.add(text.toLowerCase());
    return undefined;
  }
}

/** What a statement's words outside of parentheses tell of where it ends. */
class Words {
  #first = '';
  #before = '';
  /** How many of BEGIN ATOMIC and CASE wait for their END. */
  #depth = 0;
  copiesIn = false;

  get inBody(): boolean {
    return this.#depth > 0;
  }

  add(text: string): void {
    if (this.#first === '') this.#first = text;
    if (this.#first === 'copy' && this.#before === 'from' && text === 'stdin') this.copiesIn = true;
    if (this.#first === 'create') {
      if (text === 'atomic' && this.#before === 'begin' && this.#depth === 0) this.#depth = 1;
      else if (this.#depth > 0 && text === 'case') this.#depth += 1;
      else if (this.#depth > 0 && text === 'end') this.#depth -= 1;
    }
    this.#before = text;
  }
}
