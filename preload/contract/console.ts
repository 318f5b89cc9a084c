import { z } from 'zod';
import { adjustConsole, read } from './common.ts';

export const ConsoleInfo = z.object({
  version: z.string(),
  face: z.enum(['desktop', 'browser', 'command line']),
  dataFolder: z.string(),
  keychain: z.object({ available: z.boolean(), detail: z.string() }),
  /** Things to tell once after a start: a damaged store moved aside, for example. */
  notices: z.array(z.string()),
});
export type ConsoleInfo = z.infer<typeof ConsoleInfo>;

export const Preferences = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  railCollapsed: z.boolean(),
  /** Hidden columns and widths by table, as the screens keep them. */
  tables: z.record(
    z.string().max(60),
    z.object({ hidden: z.array(z.string().max(60)), widths: z.record(z.string().max(60), z.number()) }),
  ),
});
export type Preferences = z.infer<typeof Preferences>;

export const console = {
  info: read.output(ConsoleInfo),
  preferences: read.output(Preferences),
  savePreferences: adjustConsole.input(Preferences.partial()).output(Preferences),
  /** Browser face: a fresh one-time address for another browser. Null in the other faces. */
  link: adjustConsole.output(z.object({ address: z.string().nullable() })),
};
