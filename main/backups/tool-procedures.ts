import { fail } from '../lib/fail.ts';
import type { Implementer } from '../rpc.ts';
import type { Catalogue } from './catalogue/index.ts';
import type { ProgramRoom } from './choosing.ts';
import { faultIn } from './tools/index.ts';

export interface ToolNeeds {
  catalogue: Catalogue;
  programs: ProgramRoom;
  /** `server_version_num`. @throws NOT_CONNECTED */
  versionOf(environment: string): Promise<number>;
}

/** Which programs there are: `tools`, `addTools`, `removeTools`, `toolsFor`. */
export function toolProcedures(os: Implementer, { catalogue, programs, versionOf }: ToolNeeds) {
  const list = async (again: boolean) => (await programs.all(again)).map(({ about }) => about);
  return {
    tools: os.backups.tools.handler(({ input }) => list(input.again)),
    addTools: os.backups.addTools.handler(async ({ input }) => {
      const fault = faultIn(input);
      if (fault !== undefined)
        throw fail('INVALID', {
          cause: 'tools-place',
          field: 'where',
          what: `"${input.where}" names no place for programs.`,
          why: fault,
          next: 'Give a whole path, a container’s name, a Compose file with a service, or a host.',
        });
      const before = (await list(false)).length;
      catalogue.addToolPlace(input);
      const after = await list(true);
      if (
        after.length > before ||
        after.some(({ kind, where }) => kind === input.kind && where === input.where)
      )
        return after;
      catalogue.removeToolPlace(input);
      throw fail('INVALID', {
        cause: 'tools-not-there',
        field: 'where',
        what: `There are no programs of PostgreSQL in ${input.where}.`,
        why: 'pg_dump was not found there, or could not be run.',
        next: 'Try pg_dump --version there, then add it again.',
      });
    }),
    removeTools: os.backups.removeTools.handler(async ({ input }) => {
      const found = (await list(false)).find(({ id }) => id === input.id);
      if (found && catalogue.removeToolPlace({ kind: found.kind, where: found.where }))
        return await list(true);
      throw fail('INVALID', {
        cause: 'tools-found',
        field: 'id',
        what: 'These programs were not added by hand.',
        why: 'They are found where they are installed, or are gone already.',
        next: 'Uninstall them to be rid of them.',
      });
    }),
    toolsFor: os.backups.toolsFor.handler(async ({ input }) => {
      const server = await versionOf(input.environment);
      return (await programs.fitting({ need: 'dump', server })).programs.about;
    }),
  };
}
