import type { TocEntry } from '../../../preload/contract/backups.ts';
import { shortVersion } from './archive.ts';

/** What a plain dump says of itself, up to where it was read. */
export interface PlainFacts {
  /** It begins as pg_dump's and pg_dumpall's output does. */
  isDump: boolean;
  /** By pg_dumpall. */
  isCluster: boolean;
  /** A cluster's dump that holds at least one database. */
  hasDatabases: boolean;
  database: string | null;
  serverVersion: string | null;
  toolVersion: string | null;
  /** Told only with `--verbose`. */
  at: number | null;
  /** The `client_encoding` that it sets. */
  encoding: string | null;
  /** It begins with `\restrict`, which psql knows since August 2025. */
  isRestricted: boolean;
  /** Its end mark was there, and nothing after it. */
  isComplete: boolean;
  /** It ends with the blank line that pg_dump writes last. */
  endsBlank: boolean;
  /** Whose rows it ends in the middle of. */
  endsInside: string | null;
}

/** Longer lines are looked at so far only. */
const mostLine = 64 * 1024;
const newline = 10;
const entryLine =
  /^-- (?:Data for )?Name: (.*); Type: ([A-Z][A-Z ]*); Schema: (.*?); Owner: (.*?)(?:; Tablespace: .*)?$/;
/** What stands before a heading; the latter two with `--verbose`. */
const headingFollows = /^--$|^-- TOC entry |^-- Dependencies: /;
/** What may follow the end mark. */
const epilogue = /^$|^--\s*$|^-- Completed on |^\\unrestrict /;

/**
 * Reads a plain dump as it comes, with flat memory: its head, the comments by which pg_dump names what follows, and its
 * end. Rows are passed over and can't be taken for comments.
 */
export class PlainScan {
  readonly facts: PlainFacts = {
    isDump: false,
    isCluster: false,
    hasDatabases: false,
    database: null,
    serverVersion: null,
    toolVersion: null,
    at: null,
    encoding: null,
    isRestricted: false,
    isComplete: false,
    endsBlank: false,
    endsInside: null,
  };
  readonly #onEntry: (entry: TocEntry) => void;
  #carry: Buffer = Buffer.alloc(0);
  #mode: 'line' | 'rest of line' | 'rows' = 'line';
  #previous = '';
  #entry: TocEntry | undefined;
  #entries = 0;
  #mayCopy = false;
  #restrictKey: string | null = null;
  #hasMark = false;
  #isFirst = true;

  constructor(onEntry: (entry: TocEntry) => void = () => undefined) {
    this.#onEntry = onEntry;
  }

  feed(chunk: Buffer): void {
    const all = this.#carry.length ? Buffer.concat([this.#carry, chunk]) : chunk;
    let at = 0;
    while (at < all.length) {
      const next = this.#mode === 'rows' ? this.#rows(all, at) : this.#line(all, at);
      if (next === undefined) break;
      at = next;
    }
    // A copy: the chunk itself may be large.
    this.#carry = at < all.length ? Buffer.from(all.subarray(at)) : Buffer.alloc(0);
  }

  end(): PlainFacts {
    if (this.#mode === 'rows') this.facts.endsInside = this.#entry?.name ?? null;
    else if (this.#mode === 'line' && this.#carry.length) this.#take(this.#carry.toString('utf8'));
    this.#finishEntry();
    this.facts.endsBlank = this.#carry.length === 0 && this.#previous === '';
    this.facts.isComplete = this.#hasMark && this.#restrictKey === null && this.#mode !== 'rows';
    return this.facts;
  }

  /** From the line's end before the rows to the line `\.`. @returns where to go on; undefined: more is needed */
  #rows(all: Buffer, at: number): number | undefined {
    const found = all.indexOf('\n\\.', at);
    if (found < 0) {
      const next = Math.max(at, all.length - 2);
      this.#count(next - at);
      return next === at ? undefined : next;
    }
    this.#count(found - at);
    const rest = all.subarray(found + 3, found + 5).toString('latin1');
    if (rest.length === 0 || rest === '\r') return found === at ? undefined : found;
    if (!rest.startsWith('\n') && rest !== '\r\n') {
      this.#count(1);
      return found + 1;
    }
    this.#mode = 'line';
    return found + 3 + (rest.startsWith('\n') ? 1 : 2);
  }

  #line(all: Buffer, at: number): number | undefined {
    const end = all.indexOf(newline, at);
    if (this.#mode === 'rest of line') {
      this.#count((end < 0 ? all.length : end + 1) - at);
      if (end < 0) return all.length;
      this.#mode = 'line';
      return end + 1;
    }
    if (end < 0) {
      if (all.length - at < mostLine) return undefined;
      this.#take(all.toString('utf8', at, at + mostLine));
      this.#mode = 'rest of line';
      return at + mostLine;
    }
    this.#count(end + 1 - at);
    this.#take(all.toString('utf8', at, Math.min(end, at + mostLine)));
    // The rows begin with the line's end, so that a mark in their first line is found too.
    return this.#isAtRows() ? end : end + 1;
  }

  #isAtRows(): boolean {
    return this.#mode === 'rows';
  }

  #count(bytes: number): void {
    if (this.#entry?.kind === 'TABLE DATA') this.#entry.bytes = (this.#entry.bytes ?? 0) + bytes;
  }

  #take(raw: string): void {
    const line = (this.#isFirst ? raw.replace(/^\ufeff/, '') : raw).replace(/\r$/, '');
    this.#isFirst = false;
    const { facts } = this;
    if (this.#hasMark && !epilogue.test(line)) this.#hasMark = false;
    if (line.startsWith('--')) this.#comment(line);
    else if (line.startsWith('COPY ') && this.#mayCopy && line.endsWith(' FROM stdin;')) {
      this.#mode = 'rows';
      this.#mayCopy = false;
      if (this.#entry) this.#entry.bytes = 0;
    } else if (line.startsWith('\\')) this.#command(line);
    else if (facts.encoding === null && line.startsWith('SET client_encoding'))
      facts.encoding = /^SET client_encoding = '([^']*)'/.exec(line)?.[1] ?? null;
    this.#previous = line;
  }

  #command(line: string): void {
    const [, name, value = ''] = /^\\(\w+) ?(.*)$/.exec(line) ?? [];
    if (name === 'restrict') {
      this.facts.isRestricted = true;
      this.#restrictKey = value;
    } else if (name === 'unrestrict' && value === this.#restrictKey) this.#restrictKey = null;
    else if (name === 'connect' && this.facts.isCluster) this.facts.hasDatabases = true;
  }

  #comment(line: string): void {
    const { facts } = this;
    if (line.startsWith('-- PostgreSQL database ')) {
      const said = line.slice('-- PostgreSQL database '.length).trimEnd();
      if (said === 'dump' || said === 'cluster dump') {
        facts.isCluster ||= said === 'cluster dump';
        facts.isDump = true;
      } else if (said === (facts.isCluster ? 'cluster dump complete' : 'dump complete')) {
        this.#finishEntry();
        this.#hasMark = true;
      }
      return;
    }
    const [, source, version] = /^-- Dumped (from database|by pg_dump) version (.*)$/.exec(line) ?? [];
    if (source === 'from database') facts.serverVersion ??= shortVersion(version ?? null);
    else if (source) facts.toolVersion ??= shortVersion(version ?? null);
    else if (facts.at === null && line.startsWith('-- Started on ')) facts.at = timeIn(line.slice(14));
    else if (headingFollows.test(this.#previous)) this.#heading(line);
  }

  #heading(line: string): void {
    const [, name = '', kind, schema = '-', owner = '-'] = entryLine.exec(line) ?? [];
    if (!kind) return;
    this.#finishEntry();
    this.#entries += 1;
    this.#mayCopy = kind === 'TABLE DATA';
    this.#entry = {
      id: this.#entries,
      kind,
      schema: schema === '-' ? null : schema,
      name,
      owner: owner === '-' ? null : owner,
      bytes: null,
    };
    if (kind === 'DATABASE' && !this.facts.isCluster) this.facts.database ??= name;
  }

  #finishEntry(): void {
    if (this.#entry) this.#onEntry(this.#entry);
    this.#entry = undefined;
  }
}

/** `2026-11-21 15:08:30 UTC`; a zone that is not known is taken for this machine's. */
function timeIn(said: string): number | null {
  for (const text of [said, said.replace(/ [^ ]*$/, '')]) {
    const time = Date.parse(text);
    if (!Number.isNaN(time)) return time;
  }
  return null;
}
