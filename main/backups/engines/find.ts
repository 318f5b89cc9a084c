import type { EngineDraft, EngineWhere } from '../../../preload/contract/backup-engines.ts';
import { findBarman } from './barman.ts';
import { findPgBackRest } from './pgbackrest.ts';
import { type Asking, EngineFailure } from './types.ts';

/** The account that pgBackRest runs as where PostgreSQL's packages were installed. */
const usualAccount = 'postgres';

type Found = { names: string[]; where: EngineWhere } | { failure: EngineFailure };

/**
 * The stanzas and servers that are configured at a place. On this machine other accounts are tried where the own one
 * can't do: the one that Barman names, and for root that of PostgreSQL.
 *
 * @throws EngineFailure when neither engine can be asked
 */
export async function findEngines(
  where: EngineWhere,
  asking: (engine: EngineDraft) => Asking,
): Promise<EngineDraft[]> {
  const ask = async (kind: EngineDraft['kind'], at: EngineWhere): Promise<Found> => {
    const draft = { kind, name: 'any', where: at, config: null, environment: null };
    const look = kind === 'pgbackrest' ? findPgBackRest : findBarman;
    try {
      return { names: await look(asking(draft)), where: at };
    } catch (error) {
      if (error instanceof EngineFailure) return { failure: error };
      throw error;
    }
  };
  const isOpen = where.kind === 'local' && where.as === undefined;
  const pgbackrest = async (): Promise<Found> => {
    const usual: EngineWhere = { kind: 'local', as: usualAccount };
    // It would read as root; but its backups must not be made by root.
    if (isOpen && process.getuid?.() === 0) {
      const found = await ask('pgbackrest', usual);
      if ('names' in found) return found;
    }
    const found = await ask('pgbackrest', where);
    if (!isOpen || 'names' in found || found.failure.problem.cause !== 'engine-account') return found;
    const other = await ask('pgbackrest', usual);
    return 'names' in other ? other : found;
  };
  const barman = async (): Promise<Found> => {
    const found = await ask('barman', where);
    if (!isOpen || 'names' in found) return found;
    const said = found.failure.problem.server?.message ?? '';
    const [, account] = /please run barman as '([\w.-]+)'/.exec(said) ?? [];
    if (account === undefined) return found;
    const other = await ask('barman', { kind: 'local', as: account });
    return 'names' in other ? other : found;
  };

  const answers = await Promise.all([pgbackrest(), barman()]);
  const kinds = ['pgbackrest', 'barman'] as const;
  const drafts = answers.flatMap((one, index) =>
    'names' in one
      ? one.names.map(
          (name): EngineDraft => ({
            kind: kinds[index] ?? 'pgbackrest',
            name,
            where: one.where,
            config: null,
            environment: null,
          }),
        )
      : [],
  );
  const failures = answers.flatMap((one) => ('failure' in one ? [one.failure] : []));
  // What is installed and can't be asked is told rather than what is not there.
  const told = failures.find(({ problem }) => problem.cause !== 'engine-missing') ?? failures[0];
  if (told && drafts.length === 0 && (failures.length === 2 || told.problem.cause !== 'engine-missing'))
    throw told;
  return drafts;
}
