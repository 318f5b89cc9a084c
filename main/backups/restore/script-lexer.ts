/** What a piece of a dump's script is, and where it goes: told in the order of the text. */
export interface ScriptListener {
  /** A statement, or a command of psql's, begins with this line. False leaves all of it out. */
  onBegin(line: string): boolean;
  /** One is complete. `text`: its beginning, as bytes one a character, at most 64 kB. */
  onStatement(text: string): void;
  /** A whole statement on one line that is kept: what to write in its place. */
  rewrite?(line: string): string;
  /** A block of rows has come to its end. */
  onRows(statement: string, rows: number): void;
}

/** Of a statement's text that is kept, characters. */
const mostText = 64 * 1024;
const newline = 10;

/**
 * Splits what pg_dump and pg_restore write into statements, psql's commands and rows of COPY, as psql would see them
 * (`psqlscan.l`), without ever holding more than a line. Bytes are read one a character, so that any encoding which has
 * ASCII as it is passes through unharmed.
 */
export class ScriptLexer {
  readonly #listener: ScriptListener;
  /** What is open: a quote's end, the depth of a comment, or nothing. */
  #quote = '';
  #comment = 0;
  /** Rows of COPY follow until `\.`. */
  #copy: string | undefined;
  #rows = 0;
  #head = '';
  /** The statement under way. */
  #text = '';
  #isOpen = false;
  #isLeftOut = false;
  /** A line that is not complete yet. */
  #line: string[] = [];

  constructor(listener: ScriptListener) {
    this.#listener = listener;
  }

  /** Whether the text may end here: not within a statement, a quote, a comment or rows. */
  get isBetween(): boolean {
    return (
      this.#copy === undefined &&
      !this.#isOpen &&
      this.#quote === '' &&
      this.#comment === 0 &&
      this.#line.length === 0
    );
  }

  get isInRows(): boolean {
    return this.#copy !== undefined;
  }

  /** Takes in some bytes and gives what is kept of them. */
  feed(chunk: Buffer): Buffer[] {
    const kept: Buffer[] = [];
    let from = 0;
    let pos = 0;
    while (pos < chunk.length) {
      const at = chunk.indexOf(newline, pos);
      const stop = at < 0 ? chunk.length : at + 1;
      if (this.#copy !== undefined) {
        this.#takeRow(chunk, pos, stop, at >= 0);
        pos = stop;
        continue;
      }
      if (pos > from) kept.push(chunk.subarray(from, pos));
      this.#line.push(chunk.toString('latin1', pos, stop));
      if (at >= 0) {
        const line = this.#line.join('');
        this.#line = [];
        const given = this.#takeLine(line);
        if (given !== '') kept.push(Buffer.from(given, 'latin1'));
      }
      pos = stop;
      from = pos;
    }
    if (pos > from) kept.push(chunk.subarray(from, pos));
    return kept;
  }

  /** The last line, where nothing ends it. */
  flush(): Buffer[] {
    if (this.#line.length === 0) return [];
    const line = this.#line.join('');
    this.#line = [];
    const given = this.#takeLine(line);
    return given === '' ? [] : [Buffer.from(given, 'latin1')];
  }

  #takeRow(chunk: Buffer, start: number, stop: number, isWhole: boolean): void {
    if (this.#head.length < 5)
      this.#head += chunk.toString('latin1', start, Math.min(stop, start + 5 - this.#head.length));
    if (!isWhole) return;
    if (this.#head === '\\.\n' || this.#head === '\\.\r\n') {
      this.#listener.onRows(this.#copy ?? '', this.#rows);
      this.#copy = undefined;
    } else {
      this.#rows += 1;
    }
    this.#head = '';
  }

  /** @returns what to write in the line's place */
  #takeLine(line: string): string {
    const isTop = this.#quote === '' && this.#comment === 0;
    if (isTop && !this.#isOpen) {
      const bare = line.trim();
      // A comment's own line is nobody's beginning.
      if (bare === '' || bare.startsWith('--')) {
        this.#listener.onStatement(bare);
        return line;
      }
      this.#isLeftOut = !this.#listener.onBegin(line);
      if (bare.startsWith('\\')) return this.#isLeftOut ? '' : line;
    }
    const wasOpen = this.#isOpen;
    const statements = this.#walk(line);
    for (const statement of statements) this.#listener.onStatement(statement);
    if (this.#isLeftOut) return '';
    const isOneLine = !wasOpen && !this.#isOpen && statements.length === 1;
    return isOneLine && this.#listener.rewrite ? this.#listener.rewrite(line) : line;
  }

  /** Goes over a line outside of rows. @returns the statements that end in it */
  #walk(line: string): string[] {
    const ended: string[] = [];
    let from = 0;
    let at = 0;
    const keep = (to: number): void => {
      if (this.#text.length < mostText) this.#text += line.slice(from, to);
      from = to;
    };
    while (at < line.length) {
      if (this.#quote !== '') {
        at = this.#endOfQuote(line, at);
        continue;
      }
      if (this.#comment > 0) {
        at = this.#endOfComment(line, at);
        continue;
      }
      interesting.lastIndex = at;
      const found = interesting.exec(line);
      if (!found) break;
      at = found.index;
      if (!this.#isOpen && /\S/.test(line.slice(from, at))) this.#isOpen = true;
      const char = line.charAt(at);
      if (char === ';') {
        keep(at + 1);
        const statement = this.#text.trim();
        this.#text = '';
        this.#isOpen = false;
        ended.push(statement);
        if (/^COPY\s.*\sFROM\s+stdin\b.*;$/is.test(statement)) {
          this.#copy = statement;
          this.#rows = 0;
          this.#head = '';
        }
        at += 1;
      } else if (char === '-') {
        keep(at);
        // To the end of the line, which is left.
        from = line.length;
        at = line.length;
      } else if (char === '/') {
        this.#comment = 1;
        at += 2;
      } else {
        this.#isOpen = true;
        const escapes =
          char === "'" && /[eE]/.test(line.charAt(at - 1)) && !/[\w$]/.test(line.charAt(at - 2));
        this.#quote = escapes ? "E'" : char === '$' ? found[0] : char;
        at += found[0].length;
      }
    }
    if (!this.#isOpen && /\S/.test(line.slice(from))) this.#isOpen = true;
    if (this.#isOpen) keep(line.length);
    return ended;
  }

  #endOfQuote(line: string, start: number): number {
    if (this.#quote === "E'") {
      for (let at = start; at < line.length; at += 1) {
        const char = line.charAt(at);
        if (char === '\\') at += 1;
        else if (char === "'") {
          this.#quote = '';
          return at + 1;
        }
      }
      return line.length;
    }
    // A doubled quote closes one and opens the next, which comes to the same.
    const at = line.indexOf(this.#quote, start);
    if (at < 0) return line.length;
    const end = at + this.#quote.length;
    this.#quote = '';
    return end;
  }

  #endOfComment(line: string, start: number): number {
    const mark = /\/\*|\*\//g;
    mark.lastIndex = start;
    const found = mark.exec(line);
    if (!found) return line.length;
    this.#comment += found[0] === '/*' ? 1 : -1;
    return found.index + 2;
  }
}

const interesting = /[;'"]|--|\/\*|(?<![\w$\u0080-\u00ff])\$(?:[A-Za-z_\u0080-\u00ff][\w\u0080-\u00ff]*)?\$/g;
