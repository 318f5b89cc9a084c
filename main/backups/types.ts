import type { Readable, Writable } from 'node:stream';
import type { DumpProgram, ToolSet } from '../../preload/contract/backups.ts';
import type { Address, SessionWay } from '../servers/index.ts';

/** PostgreSQL's programs of one place, ready to be run. */
export interface Programs {
  about: ToolSet;
  /**
   * The operating system's own program and its arguments, for example `docker exec -i -e PGHOST db pg_dump …`.
   * `variables` are names of environment variables that must reach the program wherever it runs.
   */
  commandOf(
    program: DumpProgram,
    args: readonly string[],
    variables: readonly string[],
  ): [string, ...string[]];
}

/** Where an environment's sessions went, for programs that are to go there too. */
export interface Reached {
  address: Address;
  way: SessionWay;
}

/**
 * The way for programs to one server: the variables of libpq that lead there in a cleaned environment, the password in
 * a file that only this account may read. Through a tunnel it holds a listener of its own open.
 */
export interface ProgramWay {
  variables: Record<string, string>;
  /** What must never be shown; it is masked in whatever programs print. */
  secrets: string[];
  /** Takes the file and the listener away again. */
  close(): Promise<void>;
}

export interface RunProgramOptions {
  /** Null: it talks to no server. */
  way: ProgramWay | null;
  cwd?: string;
  /** Ended, with all it has started, when this fires; then its end is waited for. */
  signal?: AbortSignal | undefined;
  stdin?: Readable;
  /** Where its standard output goes; it is read as text, bounded, unless given. */
  stdout?: Writable;
  /** Each line of its standard error, without secrets. */
  onLine?: (line: string) => void;
  /** ms without any output or progress after which it is ended as hanging; `alive` says that it does something unseen. */
  watchdog?: { ms: number; alive?: () => boolean | Promise<boolean> };
}

export interface RunProgramResult {
  code: number | null;
  signal: string | null;
  /** The standard output as text, at most 64 MB; empty when it went elsewhere. */
  output: string;
  /** The last 200 lines of its standard error. */
  errors: string[];
  /** It was ended by the watchdog. */
  isHung: boolean;
}
