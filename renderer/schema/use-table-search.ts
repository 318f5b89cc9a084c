import { IconTable } from '@tabler/icons-react';
import { useCallback } from 'react';
import type { Diagram } from '../../preload/contract/diagram/model/diagram.ts';
import { oneLine } from '../../preload/contract/diagram/scene/text.ts';
import type { Command } from '../shell/palette/commands.ts';
import { usePaletteSearch } from '../shell/palette/palette-actions.ts';
import { kindWords } from './outline-rows.ts';

/** More than that is found more quickly with another letter. */
const most = 12;

/** Offers tables by name in the command palette. */
export function useTableSearch(diagram: Diagram | undefined, show: (table: number) => void): void {
  usePaletteSearch(
    useCallback(
      (query: string): Command[] => {
        // The palette itself looks for the other words.
        const wanted = longest(query.toLowerCase().split(/\s+/));
        if (!diagram || wanted.length < 2) return [];
        return matchingTables(diagram, wanted).map((place) => {
          const table = diagram.tables[place];
          return {
            id: `schema table ${place}`,
            label: oneLine(table?.name ?? ''),
            detail: `${kindWords[table?.kind ?? 'table']} in ${oneLine(diagram.schemas[table?.schema ?? -1] ?? '')}`,
            icon: IconTable,
            run: () => show(place),
          };
        });
      },
      [diagram, show],
    ),
  );
}

const longest = (words: readonly string[]): string =>
  words.reduce((best, word) => (word.length > best.length ? word : best), '');

/** Places of tables whose name has `wanted` in it, those that are or begin with it first. `wanted` is in lower case. */
export function matchingTables(diagram: Pick<Diagram, 'tables' | 'schemas'>, wanted: string): number[] {
  const ranked: number[][] = [[], [], []];
  for (const [place, { name, schema }] of diagram.tables.entries()) {
    const lower = name.toLowerCase();
    const full = wanted.includes('.') ? `${diagram.schemas[schema] ?? ''}.${name}`.toLowerCase() : lower;
    if (lower === wanted || full === wanted) ranked[0]?.push(place);
    else if (lower.startsWith(wanted) || full.startsWith(wanted)) ranked[1]?.push(place);
    else if (full.includes(wanted)) ranked[2]?.push(place);
  }
  return ranked.flat().slice(0, most);
}
