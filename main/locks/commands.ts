import type { Command } from 'commander';
import { type BlockingLine, blockingTree } from '../../preload/contract/blocking-tree.ts';
import type { LockGraph, LockParty } from '../../preload/contract/locks.ts';
import { withEnvironment } from '../cli/environment.ts';
import { duration, printExplanation, printJson, printLine, printTable } from '../cli/output.ts';
import type { PasswordOptions } from '../cli/password.ts';
import type { CommandRun } from '../cli/run.ts';

interface ShowOptions extends PasswordOptions {
  json?: boolean;
}

export function lockCommands(howdah: Command, run: CommandRun): void {
  howdah
    .command('locks')
    .description('who waits for whom')
    .command('show')
    .argument('<env>', 'name or URL')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('draw who waits for whom, causes first; exit code 1 when somebody waits')
    .action((ref: string, options: ShowOptions) =>
      run(options, (client) =>
        withEnvironment(client, ref, options, async ({ id }) => {
          const graph = await client.locks.graph({ environment: id });
          const limits = await client.locks.limits({ environment: id });
          if (options.json) printJson({ ...graph, limits });
          else {
            printGraph(graph);
            for (const limit of limits) printExplanation(limit);
          }
          return graph.waiting > 0 ? 1 : 0;
        }),
      ),
    );
}

interface Line extends BlockingLine {
  party: LockParty;
}

function printGraph({ parties, serverNow, waiting, roots, waitedMs, longestWaitMs }: LockGraph): void {
  if (waiting === 0) {
    printLine('Nobody waits for a lock.');
    return;
  }
  const byPid = new Map(parties.map((party) => [party.pid, party]));
  const lines = blockingTree(parties).lines.flatMap((line): Line[] => {
    const party = byPid.get(line.pid);
    return party ? [{ ...line, party }] : [];
  });
  const age = (at: number | null): string => (at === null ? '' : duration(serverNow - at));
  printTable(
    [
      { title: 'backend', value: branch, most: 60 },
      { title: 'state', value: ({ party }) => party.state ?? party.kind },
      { title: 'waits', value: ({ party }) => age(party.waitingSince), align: 'right' },
      { title: 'transaction', value: ({ party }) => age(party.transactionAt), align: 'right' },
      { title: 'for', value: ({ party }) => party.waitsFor?.target ?? '', most: 40 },
      { title: 'mode', value: ({ party }) => party.waitsFor?.mode.replace(/Lock$/, '') ?? '' },
      { title: 'user', value: ({ party }) => party.user ?? '', most: 20 },
      { title: 'database', value: ({ party }) => party.database ?? '', most: 24 },
      { title: 'application', value: ({ party }) => party.application, most: 24 },
      { title: 'text', value: ({ party }) => party.query ?? '', most: 60 },
    ],
    lines,
  );
  const longest = longestWaitMs === null ? 'unknown for how long' : `${duration(longestWaitMs)} at most`;
  const whom = waiting === 1 ? '1 session waits' : `${waiting} sessions wait`;
  printLine(
    `${whom} behind ${roots === 1 ? '1 root' : `${roots} roots`}: ${longest}, ${duration(waitedMs)} together.`,
  );
}

/** Its place in the tree. White space is data to the table's cells, so that levels are drawn. */
function branch({ depth, party, repeated, inCycle }: Line): string {
  const name = party.kind === 'prepared' ? `prepared ${party.gid ?? 'transaction'}` : String(party.pid);
  const level = depth === 0 ? '' : `${'· '.repeat(depth - 1)}└ `;
  return `${level}${name}${inCycle ? ' (ring)' : ''}${repeated ? ' (see above)' : ''}`;
}
