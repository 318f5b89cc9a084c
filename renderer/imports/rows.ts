import type { EnvironmentDraft, Finding } from '../../preload/contract/environments.ts';
import type { ImportCandidate, ImportPreview } from '../../preload/contract/imports.ts';
import { addressOf } from '../environments/way-words.ts';
import { type Corrections, draftOf, draftProblems, type RowProblems } from './row-form.ts';

/** A connection found, as it stands with its corrections. */
export interface ImportRow {
  key: string;
  candidate: ImportCandidate;
  corrections: Corrections;
  draft: EnvironmentDraft;
  chosen: boolean;
  /** Must be mended before it can be added; of rows that are not chosen nothing is asked. */
  problems: RowProblems;
}

/** Rows that are added in one go, as the contract has it. */
export const mostAtOnce = 500;

/** What a person has done with a preview. */
export interface Choosing {
  chosen: ReadonlySet<string>;
  corrections: ReadonlyMap<string, Corrections>;
}

const untouched: Corrections = {};

/**
 * The rows of a preview with what is wrong with them.
 *
 * @param taken names of the environments that are there; compared without case, as the console does.
 * @param told what the console had against rows when they were to be added, by key.
 */
export function rowsOf(
  preview: ImportPreview,
  { chosen, corrections }: Choosing,
  taken: readonly string[],
  told: ReadonlyMap<string, RowProblems> = new Map(),
): ImportRow[] {
  const names = new Map(taken.map((name) => [fold(name), 'environment' as 'environment' | 'row']));
  return preview.candidates.map((candidate): ImportRow => {
    const { key } = candidate;
    const mine = corrections.get(key);
    const draft = mine ? draftOf(candidate, mine) : candidate.draft;
    const row = { key, candidate, corrections: mine ?? untouched, draft, chosen: chosen.has(key) };
    if (!row.chosen) return { ...row, problems: {} };
    const problems: RowProblems = { ...told.get(key), ...(mine ? draftProblems(draft) : {}) };
    const clash = names.get(fold(draft.name));
    if (clash && draft.name !== '') problems.name ??= clashWords(draft.name, clash);
    names.set(fold(draft.name), clash ?? 'row');
    return { ...row, problems };
  });
}

/** Chosen rows whose name is in use, and nothing else is wrong with them. */
export function clashing(rows: readonly ImportRow[]): readonly ImportRow[] {
  return rows.filter(({ problems }) => problems.name !== undefined && Object.keys(problems).length === 1);
}

/**
 * Free names for rows whose own is in use: the first of `billing 2`, `billing 3`, … that is not.
 *
 * @returns the new names by key.
 */
export function numberedNames(rows: readonly ImportRow[], taken: readonly string[]): Map<string, string> {
  const wanting = new Set(clashing(rows).map(({ key }) => key));
  const others = rows.filter(({ key, chosen }) => chosen && !wanting.has(key)).map(({ draft }) => draft.name);
  const used = new Set([...taken, ...others].map(fold));
  const names = new Map<string, string>();
  for (const { key, draft } of rows) {
    if (!wanting.has(key) || draft.name === '') continue;
    let name = draft.name;
    for (let number = 2; used.has(fold(name)); number += 1) name = `${shortened(draft.name)} ${number}`;
    used.add(fold(name));
    if (name !== draft.name) names.set(key, name);
  }
  return names;
}

/** Names are at most 80 characters long; an emoji is not cut in two. */
function shortened(name: string): string {
  return name
    .slice(0, 75)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd();
}

function clashWords(name: string, clash: 'environment' | 'row'): string {
  return clash === 'environment'
    ? `There is already an environment named "${name}".`
    : `Another chosen row is named "${name}" too.`;
}

const fold = (name: string): string => name.trim().toLowerCase();

/** Everything that is not there yet is chosen at first. */
export function chosenAtFirst({ candidates }: ImportPreview): ReadonlySet<string> {
  return new Set(candidates.filter(({ same }) => same === null).map(({ key }) => key));
}

/**
 * What was chosen and corrected, carried over to a new look at the files. A connection is the same when it
 * comes from the same place; new ones are chosen as at first.
 */
export function carriedOver(
  before: ImportPreview | undefined,
  { chosen, corrections }: Choosing,
  preview: ImportPreview,
): Choosing {
  const keys = new Map(before ? originsOf(before).map(([origin, { key }]) => [origin, key]) : []);
  const atFirst = chosenAtFirst(preview);
  const next = { chosen: new Set<string>(), corrections: new Map<string, Corrections>() };
  for (const [origin, { key }] of originsOf(preview)) {
    const old = keys.get(origin);
    if (old === undefined ? atFirst.has(key) : chosen.has(old)) next.chosen.add(key);
    const mine = old === undefined ? undefined : corrections.get(old);
    if (mine) next.corrections.set(key, mine);
  }
  return next;
}

/** Where each candidate comes from; the second from the same place has a number. */
function originsOf({ candidates }: ImportPreview): [origin: string, candidate: ImportCandidate][] {
  const seen = new Map<string, number>();
  return candidates.map((candidate) => {
    const place = JSON.stringify([candidate.file, candidate.line, candidate.from]);
    const nth = (seen.get(place) ?? 0) + 1;
    seen.set(place, nth);
    return [`${place} ${nth}`, candidate];
  });
}

/** The chosen keys after the table changed its selection: rows that a filter hides keep what they had. */
export function choiceWithHidden(
  before: ReadonlySet<string>,
  shown: Iterable<string>,
  selected: ReadonlySet<string>,
): ReadonlySet<string> {
  const next = new Set(before);
  for (const key of shown) {
    if (selected.has(key)) next.add(key);
    else next.delete(key);
  }
  return next;
}

/** Rows in which each word stands: in the name, group, address, origin, or a note. */
export function filtered(rows: readonly ImportRow[], query: string): readonly ImportRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const { draft, candidate } = row;
    const text = [
      draft.name,
      draft.group,
      addressOf(draft.connection),
      originWords(candidate),
      ...findingsOf(row).map((finding) => finding.text),
    ];
    const haystack = text.join('\n').toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}

/** File, line and what it was read from: `compose.yml:12 services.db`. */
export function originWords({ file, line, from }: Pick<ImportCandidate, 'file' | 'line' | 'from'>): string {
  return `${file}${line === null ? '' : `:${line}`} ${from}`;
}

/** Id of the finding that a row has a companion command. */
export const runsCommand = 'runs-a-command';

const rank: Record<Finding['severity'], number> = { notice: 1, warning: 2, bad: 3 };

/** All that should be known of a row, worst first: what must be mended, a command it runs, its twin, its notes. */
export function findingsOf({ candidate, draft, problems }: ImportRow): Finding[] {
  const findings: Finding[] = Object.entries(problems).map(([field, text]) => ({
    severity: 'bad',
    id: `field-${field}`,
    text,
  }));
  const { companion } = draft.connection;
  if (companion) {
    const text = `Runs a command on this machine: ${companion.command}`;
    findings.push({ severity: 'warning', id: runsCommand, text });
  }
  if (candidate.same !== null) {
    findings.push({ severity: 'notice', id: 'same', text: `Same as ${candidate.same}.` });
  }
  return [...findings, ...candidate.notes].sort((a, b) => rank[b.severity] - rank[a.severity]);
}

/** Whether a row is connected once it is added. */
export function connectsAtOnce(
  { draft, corrections }: Pick<ImportRow, 'draft' | 'corrections'>,
  all: boolean,
): boolean {
  // A command out of a file runs only when somebody has agreed to this very one.
  if (draft.connection.companion) return corrections.connect === true;
  return all;
}

export interface Counts {
  found: number;
  chosen: number;
  /** Chosen ones with something to mend. */
  wrong: number;
  /** Chosen ones for which a password was found. */
  passwords: number;
  /** Chosen ones with a command that nobody has agreed to run at once. */
  waiting: number;
}

export function countsOf(rows: readonly ImportRow[]): Counts {
  const chosen = rows.filter((row) => row.chosen);
  return {
    found: rows.length,
    chosen: chosen.length,
    wrong: chosen.filter(isWrong).length,
    passwords: chosen.filter(({ candidate }) => candidate.hasPassword).length,
    waiting: chosen.filter((row) => row.draft.connection.companion && !connectsAtOnce(row, true)).length,
  };
}

export function isWrong({ problems }: Pick<ImportRow, 'problems'>): boolean {
  return Object.keys(problems).length > 0;
}

/** The chosen rows as the contract takes them. */
export function choicesOf(
  rows: readonly ImportRow[],
  { passwords, connect }: { passwords: boolean; connect: boolean },
) {
  return rows
    .filter((row) => row.chosen)
    .map((row) => ({
      key: row.key,
      draft: row.draft,
      password: passwords && row.candidate.hasPassword,
      connect: connectsAtOnce(row, connect),
      ...(row.corrections.confirm ? { confirm: row.corrections.confirm.trim() } : {}),
    }));
}
