/** A change set as a changelog writes it. */
export interface ChangeSet {
  id: string;
  author: string;
  /** By which Liquibase knows it: of its file, relative to the project, or its logical path. */
  path: string;
  /** Whether `path` is a logical one, which no search path changes. */
  logical: boolean;
  /** Relative to the project. */
  file: string;
  contexts: string | null;
  labels: string | null;
  dbms: string | null;
  runAlways: boolean;
  runOnChange: boolean;
  ignore: boolean;
  preconditions: boolean;
  /** Whether it says how it is taken back; null when Liquibase may work that out from its changes. */
  rollback: boolean | null;
}

/** `include` or `includeAll`. */
export interface Inclusion {
  all: boolean;
  path: string;
  relative: boolean;
  contexts: string | null;
  labels: string | null;
  /** A filter, a comparator or another attribute that decides what is included and in which order. */
  special: string[];
}

export type ChangelogItem = { changeSet: ChangeSet } | { include: Inclusion };

/** One file of a changelog. */
export interface ChangelogFile {
  items: ChangelogItem[];
  /** Why not all of it is known, a sentence each. */
  doubts: string[];
}

/** Attributes of a change set, by whatever notation. */
export interface Attributes {
  text(name: string): string | null;
}

export function changeSetOf(
  attributes: Attributes,
  file: string,
  logicalPath: string | null,
  found: { id: string; author: string; preconditions: boolean; rollback: boolean | null },
): ChangeSet {
  const isTrue = (name: string): boolean => attributes.text(name)?.trim().toLowerCase() === 'true';
  const logical = attributes.text('logicalFilePath') ?? logicalPath;
  return {
    ...found,
    path: logical ?? file,
    logical: logical !== null,
    file,
    contexts: attributes.text('contextFilter') ?? attributes.text('context') ?? attributes.text('contexts'),
    labels: attributes.text('labels'),
    dbms: attributes.text('dbms'),
    runAlways: isTrue('runAlways'),
    runOnChange: isTrue('runOnChange'),
    ignore: isTrue('ignore'),
  };
}

export function inclusionOf(attributes: Attributes, all: boolean, names: readonly string[]): Inclusion {
  const plain = new Set([
    'file',
    'path',
    'relativeToChangelogFile',
    'context',
    'contexts',
    'contextFilter',
    'labels',
    'errorIfMissing',
    'errorIfMissingOrEmpty',
  ]);
  return {
    all,
    path: attributes.text(all ? 'path' : 'file') ?? '',
    relative: attributes.text('relativeToChangelogFile')?.toLowerCase() === 'true',
    contexts: attributes.text('contextFilter') ?? attributes.text('context') ?? attributes.text('contexts'),
    labels: attributes.text('labels'),
    special: names.filter((name) => !plain.has(name)),
  };
}

export interface LiquibaseRow {
  id: string;
  author: string;
  path: string;
  /** The server's text: the column has no time zone, and Liquibase writes the time of its own machine. */
  appliedAt: string;
  exectype: string;
  tag: string | null;
}

export interface LiquibaseState {
  /** In the order in which they were run. */
  rows: LiquibaseRow[];
  lock: { heldBy: string | null; since: string | null } | undefined;
}

export interface LiquibaseExtra {
  changeSets: ChangeSet[];
  /** Why not all of the changelog is known. */
  doubts: string[];
  /** Below which the root changelog lies: a guess until rows tell. */
  root: string;
  changelog: string;
}
