import type { RunEvent, StatementRisk } from '../../../preload/contract/sql.ts';
import { following } from '../../lib/following.ts';
import type { Implementer } from '../../rpc.ts';
import type { Results } from '../results/index.ts';
import { readScript } from '../script/index.ts';
import type { RunPlan } from './tab-session.ts';
import type { Workbench } from './workbench.ts';

type RunInput = Omit<RunPlan, 'allowed'> & { environment: string; tab: string };

/** Statements on tabs' own sessions, and the rows that they give. */
export function sessionProcedures(os: Implementer, workbench: Workbench, results: Results) {
  async function* run(
    input: RunInput,
    allowed: StatementRisk,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<RunEvent, void, void> {
    const tab = await workbench.tab(input.environment, input.tab);
    yield* following<RunEvent, void>(signal, (tell, stop) => tab.run({ ...input, allowed }, tell, stop));
  }
  return {
    parse: os.sql.parse.handler(async ({ input }) => readScript(input.text, await workbench.parser())),
    watch: os.sql.watch.handler(async function* ({ input, signal }) {
      yield* (await workbench.tab(input.environment, input.tab)).follow(signal);
    }),
    run: os.sql.run.handler(async function* ({ input, signal }) {
      yield* run(input, 'read', signal);
    }),
    change: os.sql.change.handler(async function* ({ input, signal }) {
      yield* run(input, 'change', signal);
    }),
    destroy: os.sql.destroy.handler(async function* ({ input, signal }) {
      yield* run(input, 'destroy', signal);
    }),
    end: os.sql.end.handler(async ({ input }) =>
      (await workbench.tab(input.environment, input.tab)).end(input.how),
    ),
    cancel: os.sql.cancel.handler(async ({ input }) =>
      (await workbench.tab(input.environment, input.tab)).cancel(),
    ),
    close: os.sql.close.handler(({ input }) => workbench.closeTab(input.environment, input.tab)),
    rows: os.sql.rows.handler(({ input }) =>
      results.rows(input.result, input.from, input.count, input.arrangement),
    ),
    value: os.sql.value.handler(({ input }) => results.value(input.result, input)),
    arrange: os.sql.arrange.handler(({ input }) => results.arrange(input.result, input.arrangement)),
  };
}
