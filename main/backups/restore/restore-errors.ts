/** Errors of one cause. */
export interface ErrorGroup {
  /** The message with names and values left out. */
  cause: string;
  /** Null: the program did not tell, and the words don't. */
  sqlstate: string | null;
  count: number;
  /** The first one's whole text, with what it was about. */
  first: string;
  /** It leaves nothing out that was asked for. */
  harmless: boolean;
}

/** Gathers the errors that pg_restore and psql print. */
export interface RestoreErrors {
  /** @returns whether the line belongs to an error */
  take(line: string): boolean;
  /** The last one is complete. */
  end(): void;
  readonly groups: ReadonlyMap<string, ErrorGroup>;
  readonly count: number;
  readonly serious: number;
  /** Groups that have changed since this was asked last. */
  changed(): ErrorGroup[];
}

/** Lines of an error's text that are kept. */
const mostLines = 12;

export function gatherErrors(): RestoreErrors {
  const groups = new Map<string, ErrorGroup>();
  const changed = new Set<ErrorGroup>();
  let entry: string | undefined;
  let lines: string[] | undefined;
  let count = 0;
  let serious = 0;
  const end = (): void => {
    if (!lines) return;
    const text = lines.join('\n');
    lines = undefined;
    const { sqlstate, message } = messageIn(text);
    const cause = causeOf(message);
    const key = `${sqlstate ?? ''} ${cause}`;
    const harmless = isHarmless(message);
    const group = groups.get(key) ?? { cause, sqlstate, count: 0, first: text, harmless };
    group.count += 1;
    group.harmless &&= harmless;
    groups.set(key, group);
    changed.add(group);
    count += 1;
    if (!harmless) serious += 1;
  };
  return {
    take: (line) => {
      const about = /^pg_restore: from TOC entry (.*)$/.exec(line)?.[1];
      if (about !== undefined) {
        end();
        entry = about;
        return true;
      }
      if (
        /^(?:pg_restore|psql)[^ ]*: (?:error|fatal): |^psql:[^ ]*: (?:ERROR|FATAL|PANIC): |^psql: error|^(?:ERROR|FATAL): /i.test(
          line,
        )
      ) {
        end();
        lines = [...(entry === undefined ? [] : [`${entry}`]), line];
        entry = undefined;
        return true;
      }
      if (/^(?:pg_restore|psql)[^ ]*: /.test(line)) {
        end();
        return false;
      }
      if (!lines) return false;
      if (lines.length < mostLines) lines.push(line);
      return true;
    },
    end,
    groups,
    get count() {
      return count;
    },
    get serious() {
      return serious;
    },
    changed: () => {
      const all = [...changed];
      changed.clear();
      return all;
    },
  };
}

function messageIn(text: string): { sqlstate: string | null; message: string } {
  const verbose = /(?:ERROR|FATAL|PANIC): {2}([0-9A-Z]{5}): (.*)/.exec(text);
  if (verbose) return { sqlstate: verbose[1] ?? null, message: verbose[2] ?? '' };
  const plain = /(?:ERROR|FATAL|PANIC): {2}(.*)/.exec(text);
  const message = plain?.[1] ?? /(?:error|fatal): (.*)/.exec(text)?.[1] ?? text.split('\n')[0] ?? text;
  return { sqlstate: plain ? sqlstateFor(message) : null, message };
}

/** pg_restore prints no SQLSTATE. The words are the server's own in English (PostgreSQL manual, appendix A). */
const known: readonly (readonly [RegExp, string])[] = [
  [/^relation ".*" already exists/, '42P07'],
  [/^schema ".*" already exists/, '42P06'],
  [/^function .* already exists/, '42723'],
  [/^database ".*" already exists/, '42P04'],
  [/^multiple primary keys/, '42P16'],
  [/already exists/, '42710'],
  [/^relation ".*" does not exist/, '42P01'],
  [/^column .* does not exist/, '42703'],
  [/^function .* does not exist/, '42883'],
  [/^schema ".*" does not exist/, '3F000'],
  [/^database ".*" does not exist/, '3D000'],
  [
    /^unrecognized configuration parameter|^(?:role|type|language|extension|access method) ".*" does not exist/,
    '42704',
  ],
  [/^unrecognized parameter/, '22023'],
  [/^permission denied|^must be (?:owner|superuser|member)/, '42501'],
  [/^duplicate key value/, '23505'],
  [/^could not create unique index/, '23505'],
  [/violates foreign key constraint/, '23503'],
  [/violates not-null constraint/, '23502'],
  [/violates check constraint/, '23514'],
  [/^syntax error/, '42601'],
  [/^extension ".*" is not available/, '0A000'],
  [/^could not open extension control file/, '58P01'],
  [/^cannot drop .* because other objects depend/, '2BP01'],
  [/No space left on device/, '53100'],
  [/^out of shared memory/, '53200'],
  [/^canceling statement due to user request/, '57014'],
  [/^terminating connection due to administrator command/, '57P01'],
  [/^invalid byte sequence/, '22021'],
  [/^character with byte sequence .* has no equivalent/, '22P05'],
  [/^cannot execute .* in a read-only transaction/, '25006'],
];

const sqlstateFor = (message: string): string | null =>
  known.find(([pattern]) => pattern.test(message))?.[1] ?? null;

/** The same for all messages of one kind. */
const causeOf = (message: string): string =>
  message
    .replace(/"(?:[^"]|"")*"/g, '"…"')
    .replace(/\b\d+\b/g, '…')
    .slice(0, 300);

/** Errors that change nothing of what was asked for. */
function isHarmless(message: string): boolean {
  return (
    // Programs of 17 and later set it on any server.
    /^unrecognized configuration parameter "transaction_timeout"/.test(message) ||
    // It is there in each new database.
    /^schema "public" already exists/.test(message) ||
    // A comment of the extension's own, which is there already.
    /^must be owner of extension /.test(message)
  );
}
