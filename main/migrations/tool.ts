import type {
  MigrationEntry,
  MigrationToolId,
  MigrationTrack,
  TrackProblem,
} from '../../preload/contract/migrations.ts';

/** A relation that may be a tool's state table, as the catalogue shows it. */
export interface CandidateTable {
  schema: string;
  name: string;
  /** In attnum's order; `type` as `format_type` prints it. */
  columns: { name: string; type: string; notNull: boolean }[];
  /** Names of the primary key's columns; empty without one. */
  primaryKey: string[];
  primaryKeyName: string | null;
}

/** A table that was recognised as a tool's. */
export interface StateTable {
  tool: MigrationToolId;
  schema: string;
  name: string;
  columns: string[];
  /** `probable`: another tool's table looks the same; the project's folder decides. */
  certainty: 'certain' | 'probable';
  /** For a home-made table: which columns mean what. `described`: somebody said so, and it is not guessed again. */
  home?: { name: string; time: string | null; checksum: string | null; described?: boolean };
}

/** Runs one read-only statement. Values of int8, numeric and timestamps come as the server's text. */
export type StateQuery = <Row>(sql: string, values?: unknown[]) => Promise<Row[]>;

/** A look into a project's folder. Paths are relative to its root, with `/`. */
export interface FolderView {
  /** Absolute. */
  root: string;
  /** Entries of one folder, by name in code-point order; empty when it isn't there. */
  list(folder: string): Promise<FolderEntry[]>;
  exists(path: string): Promise<boolean>;
  /**
   * A file's text; UTF-8, a BOM left out.
   * @throws FileProblem when it isn't there, isn't text, or is above `limit` bytes (1 MB unless given)
   */
  text(path: string, limit?: number): Promise<string>;
  /** As `text`, undefined instead of an error when it isn't there. */
  textIfAny(path: string, limit?: number): Promise<string | undefined>;
  bytes(path: string, limit?: number): Promise<Buffer>;
}

export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder';
  /** 0 for a folder. */
  bytes: number;
  /** ms since 1970. */
  modifiedAt: number;
}

/** Where a tool's migrations lie in a project. */
export interface ToolLocation {
  tool: MigrationToolId;
  /** Relative to the project. */
  folder: string;
  /** Its configuration file, relative to the project. */
  config: string | null;
  /** State table where the configuration names one. */
  table: { schema: string | null; name: string } | null;
  /** Whatever else its reader needs. */
  settings: Record<string, string>;
}

/** One migration of a folder. */
export interface FolderMigration {
  id: string;
  name: string;
  /** Relative to the project. Null for one that has no up part. */
  file: string | null;
  downFile: string | null;
  reversible: boolean | null;
  parents: string[];
  labels: string[];
  /** By the tool's own rule, as its table holds it; null where it keeps none. Several where more than one is accepted. */
  checksums: string[] | null;
  /** The tool's own kinds, such as Flyway's repeatable ones. */
  kind?: string;
}

export interface FolderReading {
  /** In the order in which the tool runs them. */
  migrations: FolderMigration[];
  problems: TrackProblem[];
  /** Whatever else the reader's `status` needs. */
  extra?: unknown;
}

/** What `status` makes of both sides; the pure part of a track. */
export interface TrackReading {
  current: string[];
  heads: string[];
  dirty: { version: string; why: string } | null;
  /** In the order in which the tool runs them; those without a file at their place where that can be told, else last. */
  entries: MigrationEntry[];
  problems: TrackProblem[];
  /** Where that depends on the table at hand; else the tool's own. */
  unrecorded?: string[];
  /** How a home-made table was read. */
  home?: NonNullable<MigrationTrack['home']>;
}

/**
 * One migration tool as Howdah reads it, without running it. `State` is whatever its table holds. Facts about its table,
 * files and rules: its own documentation and source, named in each reader.
 */
export interface MigrationTool<State = unknown> {
  id: MigrationToolId;
  /** As the tool writes itself. */
  title: string;
  runner: 'own' | 'driven';
  /** What it does not record: "when", "by whom", "how long", "checksum", "failures". */
  unrecorded: string[];
  /** Undefined: not this tool's. `siblings` are all candidates of the same schema. */
  recognise(table: CandidateTable, siblings: readonly CandidateTable[]): StateTable | undefined;
  /** Everything the state table (and its companions) holds, by one statement where possible. */
  readState(query: StateQuery, table: StateTable): Promise<State>;
  /** Keys of advisory locks the tool holds while it migrates, for `pg_locks`; empty when it takes none. */
  lockKeys?(database: string, table: StateTable | undefined, schema: string): bigint[];
  /** Finds the tool in a project, as its configuration and naming show it. Looks no deeper than needed. */
  locate(folder: FolderView): Promise<ToolLocation[]>;
  readFolder(folder: FolderView, location: ToolLocation): Promise<FolderReading>;
  /** Pure. Either side may be missing. */
  status(state: State | undefined, reading: FolderReading | undefined): TrackReading;
}
