import { openParser, type ParseStatement } from '../../sql-text/index.ts';
import type { SqlNeeds } from '../needs.ts';
import type { Results } from '../results/index.ts';
import { TabSession } from './tab-session.ts';

/** All tabs that have something here. */
export interface Workbench {
  /** @throws ENVIRONMENT_UNKNOWN */
  tab(environment: string, tab: string): Promise<TabSession>;
  parser(): Promise<ParseStatement>;
  /** Sessions that tabs of an environment hold. */
  sessions(id: string): number;
  closeTab(environment: string, tab: string): Promise<void>;
  close(): Promise<void>;
}

export function openWorkbench(needs: SqlNeeds, results: Results): Workbench {
  const tabs = new Map<string, TabSession>();
  const held = new Map<string, number>();
  let opening: Promise<ParseStatement> | undefined;
  const parser = (): Promise<ParseStatement> => {
    opening ??= openParser();
    return opening;
  };
  const keyOf = (environment: string, tab: string): string =>
    `${needs.findEnvironment(environment).id} ${tab}`;
  return {
    tab: async (environment, tab) => {
      const parse = await parser();
      const key = keyOf(environment, tab);
      const known = tabs.get(key);
      if (known) return known;
      const { id } = needs.findEnvironment(environment);
      const made = new TabSession(id, tab, {
        ...needs,
        results,
        parse,
        onSessions: (by) => held.set(id, (held.get(id) ?? 0) + by),
      });
      tabs.set(key, made);
      return made;
    },
    parser,
    sessions: (id) => held.get(id) ?? 0,
    closeTab: async (environment, tab) => {
      const key = keyOf(environment, tab);
      const known = tabs.get(key);
      tabs.delete(key);
      await known?.close();
    },
    close: async () => {
      const all = [...tabs.values()];
      tabs.clear();
      await Promise.all(all.map((tab) => tab.close()));
      await results.close();
    },
  };
}
