import { readCandidates } from '../candidates.ts';
import type { Pair } from '../pairing.ts';
import type { StateQuery, StateTable } from '../tool.ts';
import { happened } from '../tools/shared/entries.ts';

/** Reads where a tool stands on a copy, by its table there and the files as they were read. */
export interface StateReader {
  /** Ids of what is applied. */
  applied(): Promise<Set<string>>;
  /** The tool's table, once it is there. */
  table(): StateTable | undefined;
}

export function readerOf({ tool, table: known, place }: Pair, query: StateQuery): StateReader {
  let table = known;
  const find = async (): Promise<StateTable | undefined> => {
    const all = await readCandidates(query);
    const found = all.flatMap((one) => {
      const siblings = all.filter(({ schema }) => schema === one.schema);
      return tool.recognise(one, siblings) ?? [];
    });
    const named = place?.location.table;
    return found.find(({ name }) => name === named?.name) ?? found[0];
  };
  return {
    table: () => table,
    applied: async () => {
      table ??= await find();
      const state = table && (await tool.readState(query, table));
      const { entries } = tool.status(state, place?.reading);
      return new Set(entries.filter(({ state: is }) => happened(is)).map(({ id }) => id));
    },
  };
}

/** What is in one of them only. */
export const difference = (one: ReadonlySet<string>, another: ReadonlySet<string>): string[] => [
  ...[...another].filter((id) => !one.has(id)),
  ...[...one].filter((id) => !another.has(id)),
];
