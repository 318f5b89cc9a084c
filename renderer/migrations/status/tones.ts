import type { MigrationEntry } from '../../../preload/contract/migrations.ts';
import { stateWords } from '../words.ts';

/** A mark on the whole row: for what failed only, so that it is not missed among hundreds. */
export function severityOfRow({ state }: Pick<MigrationEntry, 'state'>): string | undefined {
  return stateWords[state].severity === 'bad' ? 'bad' : undefined;
}
