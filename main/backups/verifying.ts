import type { Verification, VerifyProgress } from '../../preload/contract/backups.ts';
import { following } from '../lib/following.ts';
import type { OpenScratchOptions, Scratch } from '../scratch/index.ts';
import type { ProgramRoom } from './choosing.ts';
import { verifyReadable } from './files/index.ts';
import { type OpenNeeds, openBackup } from './opened.ts';
import { refusing } from './refusals.ts';
import { type TrialEvent, tryOn, tryOnServer } from './trials.ts';
import type { Reached } from './types.ts';

export interface VerifyNeeds extends OpenNeeds {
  programs: ProgramRoom;
  openScratch(options?: OpenScratchOptions): Promise<Scratch>;
}

export interface VerifyTask {
  backup: string;
  passphrase?: string | undefined;
  level: 'readable' | 'restorable';
  /** Rows are compared by checksums too. */
  checksums: boolean;
  /** Where `restorable` is proven, and its `server_version_num`; the sample server unless given. */
  on?: { reached: Reached; version: number };
  /** Name of the run. */
  run: string;
}

/** Reads a backup whole, or restores it into a scratch database, and keeps what was found. */
export async function* verifyBackup(
  needs: VerifyNeeds,
  input: VerifyTask,
  signal: AbortSignal,
): AsyncGenerator<VerifyProgress, void, void> {
  const { files, catalogue, programs } = needs;
  yield { kind: 'begun', run: input.run };
  const opened = await refusing('backup', () => openBackup(needs, input, signal));
  try {
    const { bytes } = opened.read.backup;
    const found = yield* following<VerifyProgress, Verification>(signal, async (tell, until) => {
      const onPhase = (said: string): void => tell({ kind: 'phase', said });
      let seen = 0;
      let last = 0;
      const onBytes = (more: number): void => {
        seen += more;
        if (Date.now() - last < 200) return;
        last = Date.now();
        tell({
          kind: 'progress',
          object: null,
          done: seen,
          total: bytes,
          bytes: seen,
          bytesTotal: bytes,
          remainingMs: null,
        });
      };
      onPhase('Reading the whole backup');
      const path = opened.decrypted?.path ?? opened.path;
      const sets = await programs.all();
      const readable = await verifyReadable(files, path, { programs: sets, signal: until, onBytes, onPhase });
      if (input.level === 'readable' || readable.state === 'bad') return readable;
      const given = {
        signal: until,
        checksums: input.checksums,
        onEvent: (event: TrialEvent) => {
          if (event.kind !== 'errors') tell(event);
        },
      };
      if (input.on) return await tryOnServer(needs, opened, input.on, given);
      const scratch = await needs.openScratch({ signal: until, onStep: onPhase });
      try {
        return await tryOn(needs, opened, scratch, given);
      } finally {
        await scratch.close();
      }
    });
    const { id } = opened.known ?? {};
    const kept = id ? await catalogue.verified(id, found) : undefined;
    // What was found now; the catalogue goes on showing the best that was ever proven.
    yield { kind: 'verified', backup: { ...(kept ?? opened.read.backup), verification: found } };
  } finally {
    await opened.close();
  }
}
