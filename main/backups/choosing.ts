import { fail } from '../lib/fail.ts';
import type { Catalogue } from './catalogue/index.ts';
import { choose, openTools, type Wanted } from './tools/index.ts';
import type { Programs } from './types.ts';

/** The programs of this console: those that are found, and those that somebody named. */
export interface ProgramRoom {
  all(again?: boolean): Promise<Programs[]>;
  /**
   * Those that were asked for, else those that fit best.
   * @throws INVALID with the way to get them
   */
  fitting(wanted: Wanted, id?: string): Promise<{ programs: Programs; warnings: string[] }>;
}

export function openPrograms(catalogue: Catalogue): ProgramRoom {
  const finder = openTools({ added: catalogue.toolPlaces });
  const all = async (again = false): Promise<Programs[]> => (await finder.find(again)).all;
  return {
    all,
    fitting: async (wanted, id) => {
      const sets = await all();
      if (id !== undefined) {
        const programs = sets.find(({ about }) => about.id === id);
        if (programs) return { programs, warnings: [] };
        throw fail('INVALID', {
          cause: 'tools-unknown',
          field: 'tools',
          what: `There are no programs "${id}".`,
          why: 'They were removed since the list was read, or never were there.',
          next: 'Read the list again, or leave the choice to Howdah.',
        });
      }
      const choice = await choose(wanted, sets);
      if ('problem' in choice) throw fail('INVALID', { ...choice.problem, field: 'tools' });
      return choice;
    },
  };
}
