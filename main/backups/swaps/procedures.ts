import type { Environment } from '../../../preload/contract/environments.ts';
import { fail } from '../../lib/fail.ts';
import type { Implementer } from '../../rpc.ts';
import { refusing } from '../refusals.ts';
import { dropKept, swapBack } from '../restore/index.ts';
import type { Reached } from '../types.ts';
import type { SwapNote } from './notes.ts';
import type { Swaps } from './swaps.ts';

export interface SwapProcedureNeeds {
  swaps: Swaps;
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  /** Has lost sessions come back first. @throws NOT_CONNECTED */
  versionOf(environment: string): Promise<number>;
  /** @throws NOT_CONNECTED */
  reached(id: string): Reached;
  onEvent(id: string, kind: string, text: string): void;
}

/** What swaps keep: listed, given its name back, dropped, taken off the list. */
export function swapProcedures(os: Implementer, needs: SwapProcedureNeeds) {
  const { swaps, findEnvironment, onEvent } = needs;
  const room = os.backups.swaps;
  const noted = (id: string): SwapNote => {
    const found = swaps.get(id);
    if (found) return found;
    throw fail('INVALID', {
      cause: 'swap-unknown',
      field: 'id',
      what: 'This kept database is not on the list any more.',
      why: 'It was dropped, got its name back, or was taken off the list.',
      next: 'Look at the list again.',
      command: 'howdah backups swaps',
    });
  };
  return {
    swapBack: os.backups.swapBack.handler(async ({ input }) => {
      const environment = findEnvironment(input.environment);
      const { database, kept } = input;
      await needs.versionOf(environment.id);
      const done = await refusing('kept', () => swapBack(needs.reached(environment.id), { database, kept }));
      const { system } = done;
      const before = swaps.undone({ environment: environment.id, system, oid: done.former });
      swaps.note({
        environment: environment.id,
        system,
        database,
        kept: done.kept,
        oid: done.oid,
        ...before,
      });
      onEvent(
        environment.id,
        'restore',
        `${database} is again what it was; the restored one is ${done.kept}`,
      );
      return { kept: done.kept };
    }),
    swaps: room.router({
      list: room.list.handler(({ input }) =>
        swaps.list(input.environment === undefined ? undefined : findEnvironment(input.environment).id),
      ),
      drop: room.drop.handler(async ({ input }) => {
        const environment = findEnvironment(input.environment);
        const note = noted(input.id);
        await needs.versionOf(environment.id);
        await refusing('id', () => dropKept(needs.reached(environment.id), note));
        swaps.dropped(note, environment.id);
        onEvent(environment.id, 'restore', `${note.kept}, which was ${note.database}, is dropped`);
        return { dropped: note.kept };
      }),
      forget: room.forget.handler(({ input }) => swaps.remove(noted(input.id).id)),
    }),
  };
}
