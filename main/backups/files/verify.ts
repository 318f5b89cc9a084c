import { Writable } from 'node:stream';
import type { Verification } from '../../../preload/contract/backups.ts';
import { runProgram } from '../programs/index.ts';
import { readersOf } from '../tools/index.ts';
import type { Programs } from '../types.ts';
import { decodedStream } from './decode.ts';
import type { BackupFiles } from './files.ts';
import type { Checked } from './findings.ts';

export interface VerifyOptions {
  /** All that there are; one that reads the archive is taken. */
  programs: readonly Programs[];
  signal?: AbortSignal | undefined;
  /** Bytes of the backup that have been read. */
  onBytes?: (bytes: number) => void;
  onPhase?: (said: string) => void;
  /** How long `pg_restore` may give nothing before it is taken to hang, ms. */
  watchdogMs?: number;
}

/**
 * Proves a backup readable, as far as its format can be: all of it is read here, then archives once more by `pg_restore`.
 * `good`: it is whole, and every check value that it has is right; `said` names what the format can't prove. `unproven`:
 * something of it could not be looked at.
 *
 * @throws the signal's reason
 */
export async function verifyReadable(
  files: BackupFiles,
  path: string,
  options: VerifyOptions,
): Promise<Verification> {
  const { signal, onBytes, onPhase } = options;
  onPhase?.('Reading all of it');
  const checked = await files.check(path, { signal, ...(onBytes ? { onBytes } : {}) });
  // What is known to be damaged is not given to a program: some versions never end with it.
  if (checked.faults.length === 0 && checked.archive !== null) await readByProgram(path, checked, options);
  const { faults, gaps, proofs, limits } = checked;
  return {
    level: 'readable',
    state: faults.length ? 'bad' : gaps.length ? 'unproven' : 'good',
    at: Date.now(),
    said: faults.length ? [...faults, ...gaps] : [...gaps, ...proofs, ...limits],
  };
}

async function readByProgram(
  path: string,
  { recognised, archive, faults, gaps, proofs }: Checked,
  { programs, signal, onPhase, watchdogMs = 60_000 }: VerifyOptions,
): Promise<void> {
  const { format, wrapping } = recognised;
  // It would have to be unpacked to a file first; all that pg_restore looks at there has been looked at.
  if (format === 'tar' && wrapping !== 'none') return;
  const [reader] = readersOf(archive, programs);
  if (!reader) {
    gaps.push(`No pg_restore on this machine reads archives of version ${archive}: it was not read by one.`);
    return;
  }
  const { version } = reader.about;
  onPhase?.(`Reading it with pg_restore ${version}`);
  const isWrapped = wrapping !== 'none';
  const result = await runProgram(reader, 'pg_restore', ['-f', '-', ...(isWrapped ? ['-Fc'] : [path])], {
    way: null,
    signal,
    ...(isWrapped ? { stdin: decodedStream(path, wrapping) } : {}),
    stdout: new Writable({ write: (_chunk, _encoding, done) => done() }),
    watchdog: { ms: watchdogMs },
  });
  signal?.throwIfAborted();
  if (result.isHung) faults.push(`pg_restore ${version} does not come to an end with it.`);
  else if (result.code !== 0)
    faults.push(
      `pg_restore ${version} can’t read it: ${result.errors[0] ?? `it ended with code ${result.code}`}`,
    );
  else proofs.push(`pg_restore ${version} has read all of it.`);
}
