import type { Explanation } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { Implementer } from '../../rpc.ts';
import type { ServerPool } from '../../servers/index.ts';
import { readCandidates } from './candidates.ts';
import type { Jobs } from './jobs.ts';
import { preview } from './preview.ts';

interface ProcedureNeeds {
  jobs: Jobs;
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
}

export function retentionProcedures(os: Implementer, { jobs, findEnvironment, pool }: ProcedureNeeds) {
  const room = os.maintenance.retention;
  return {
    list: room.list.handler(({ input }) =>
      jobs.list(input.environment === undefined ? undefined : findEnvironment(input.environment).id),
    ),
    candidates: room.candidates.handler(async ({ input }) => {
      const candidates = await readCandidates(pool(findEnvironment(input.environment).id));
      return { candidates, limits: candidates.length >= 500 ? [onlyLargest] : [] };
    }),
    preview: room.preview.handler(({ input }) =>
      preview(pool(findEnvironment(input.environment).id), input.target, input.countMs),
    ),
    add: room.add.handler(({ input }) => jobs.save(findEnvironment(input.environment), input.draft)),
    change: room.change.handler(({ input }) =>
      jobs.save(findEnvironment(input.environment), input.draft, input.job),
    ),
    remove: room.remove.handler(({ input }) => jobs.remove(findEnvironment(input.environment), input.job)),
    run: room.run.handler(({ input, signal }) =>
      jobs.run(findEnvironment(input.environment), input.job, 'hand', signal),
    ),
    runScheduled: room.runScheduled.handler(({ input, signal }) =>
      jobs.run(findEnvironment(input.environment), input.job, 'schedule', signal),
    ),
    history: room.history.handler(({ input }) =>
      jobs.history(findEnvironment(input.environment), input.job, input.most),
    ),
  };
}

const onlyLargest: Explanation = {
  cause: 'only-largest',
  what: 'Only the 500 largest tables are offered.',
  why: 'There are more with a column of time.',
  next: 'Name another one on the command line: howdah vacuum retention preview.',
};
