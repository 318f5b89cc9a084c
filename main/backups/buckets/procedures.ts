import type { Explanation } from '../../../preload/contract/common.ts';
import { fail } from '../../lib/fail.ts';
import type { Implementer } from '../../rpc.ts';
import type { Buckets } from './open-buckets.ts';
import { asFolder, specOf } from './saved.ts';
import { tryPlace } from './try-place.ts';

export interface BucketNeeds {
  buckets: Buckets;
}

/** Buckets that backups go to: `places.*`. */
export function bucketProcedures(os: Implementer, { buckets }: BucketNeeds) {
  const { saved } = buckets;
  const tried = async (work: Promise<Explanation | undefined>) => {
    const problem = await work;
    return { ok: problem === undefined, ...(problem ? { problem } : {}), at: Date.now() };
  };
  return {
    list: os.backups.places.list.handler(() => saved.list()),
    add: os.backups.places.add.handler(({ input }) => saved.add(input.draft, input.secretKey)),
    change: os.backups.places.change.handler(({ input }) =>
      saved.change(input.id, input.draft, input.secretKey),
    ),
    remove: os.backups.places.remove.handler(async ({ input }) => {
      await saved.remove(input.id);
      return await saved.list();
    }),
    test: os.backups.places.test.handler(async ({ input }) => {
      if ('draft' in input) {
        const { draft, secretKey } = input;
        return await tried(tryPlace(specOf(draft, secretKey ?? null), asFolder(draft.prefix)));
      }
      const place = await saved.byId(input.id);
      if (!place)
        throw fail('INVALID', {
          field: 'id',
          cause: 'place-unknown',
          what: `There is no place ${input.id}.`,
          why: 'It was removed.',
          next: 'Look at the list of places.',
        });
      return await tried(tryPlace(place.spec, place.prefix));
    }),
  };
}
