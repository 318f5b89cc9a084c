import type {
  EngineBackup,
  EngineDraft,
  EngineRepository,
  EngineWhere,
} from '../../../preload/contract/backup-engines.ts';
import type { Severity } from '../../theme/colors.ts';

export const kindWords: Record<EngineDraft['kind'], string> = { pgbackrest: 'pgBackRest', barman: 'Barman' };

/** What an engine calls the thing that it backs up. */
export const thingWords: Record<EngineDraft['kind'], string> = { pgbackrest: 'stanza', barman: 'server' };

/** Where the engine's program runs. */
export function whereWords(where: EngineWhere): string {
  switch (where.kind) {
    case 'local':
      return where.as ? `on this machine, as ${where.as}` : 'on this machine';
    case 'docker':
      return `in the container ${where.name}`;
    case 'ssh':
      return `on ${where.name}`;
  }
}

interface StateWords {
  word: string;
  severity: Severity | undefined;
}

export const stateWords: Record<EngineBackup['state'], StateWords> = {
  good: { word: 'Good', severity: undefined },
  bad: { word: 'Bad', severity: 'bad' },
  running: { word: 'Running', severity: undefined },
  unknown: { word: 'Not told', severity: 'notice' },
};

/** One of many, apart from all others that there may be. */
export const draftKey = ({ kind, name, where, config }: EngineDraft): string =>
  JSON.stringify([kind, name, where, config]);

/** Of several repositories the one that a backup goes to; one that is chosen stays in the list though it is not read any more. */
export function repositoryChoices(
  repositories: readonly EngineRepository[],
  chosen: number | null,
): { value: string; label: string }[] {
  const keys = repositories.map(({ key }) => key);
  const all = chosen === null || keys.includes(chosen) ? keys : [...keys, chosen];
  return [
    { value: '', label: 'The first' },
    ...all.map((key) => ({ value: String(key), label: `Repository ${key}` })),
  ];
}
