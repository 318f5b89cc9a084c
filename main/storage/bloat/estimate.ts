/** What the planner's statistics tell of a relation. Widths in bytes, shares 0 to 1. */
export interface Statistics {
  pages: number;
  /** Rows, or entries of an index. */
  tuples: number;
  /** Storage parameters as the server prints them: `{fillfactor=70}`. */
  options: string | null;
  columns: number;
  /** Columns of which there are statistics that this role may read. */
  known: number;
  /** Sum of mean widths of the columns, nulls counted as nothing. */
  width: number;
  /** Highest share of nulls in a column. */
  nulls: number;
}

/** Bytes of a page's header, and of a B-tree page's own data at its end (storage/bufpage.h, access/nbtree.h). */
const pageHeader = 24;
const treePageData = 16;
/** Rows and values begin at multiples of this on every platform that servers run on. */
const alignment = 8;

const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/**
 * How many bytes of a table's heap its rows would not need if they were written anew, by the widths that ANALYZE found:
 * a row has 23 bytes of header and a bit a column where there are nulls, and a line pointer of 4. Undefined where
 * statistics are missing. It errs for wide values that lie compressed or in TOAST.
 */
export function tableWaste(statistics: Statistics, page: number): number | undefined {
  const { pages, tuples, columns, known, width, nulls } = statistics;
  if (tuples < 0 || known < columns || (columns > 0 && tuples === 0)) return undefined;
  const header = aligned(23 + (nulls > 0 ? Math.ceil(columns / 8) : 0));
  const row = 4 + header + aligned(width);
  const usable = (page - pageHeader) * (fillOf(statistics.options, 100) / 100);
  return wasted(pages, Math.ceil(tuples / Math.max(1, usable / row)), page);
}

/**
 * The same of a B-tree: an entry has 8 bytes of header, 8 more where there are nulls, and a line pointer of 4. Entries
 * that are kept once for many rows (deduplication, 13 and later) make the real need smaller than this says.
 */
export function indexWaste(statistics: Statistics, page: number): number | undefined {
  const { pages, tuples, columns, known, width, nulls } = statistics;
  if (tuples < 0 || known < columns || (columns > 0 && tuples === 0)) return undefined;
  const entry = 4 + aligned(8 + (nulls > 0 ? 8 : 0) + width);
  const usable = (page - pageHeader - treePageData) * (fillOf(statistics.options, 90) / 100);
  return wasted(pages, 1 + Math.ceil(tuples / Math.max(1, Math.floor(usable / entry))), page);
}

const wasted = (pages: number, needed: number, page: number): number => Math.max(0, pages - needed) * page;

function fillOf(options: string | null, standard: number): number {
  const [, given] = /\bfillfactor=(\d+)/.exec(options ?? '') ?? [];
  return given === undefined ? standard : Number(given);
}
