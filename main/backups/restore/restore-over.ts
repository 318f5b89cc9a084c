import { fill } from './fill.ts';
import { FillFailure } from './fill-failure.ts';
import { analyse, inside } from './finish-database.ts';
import type { Restored, Running } from './running.ts';

/** Replaces, in an existing database, what the backup has. */
export async function restoreOver(running: Running): Promise<Restored> {
  const { options, prepared, server, teller, signal, outcome, needs } = running;
  const { choice } = prepared;
  const { database } = options;
  outcome.state = choice.single
    ? `${database} is as it was: all of it was one transaction.`
    : `Some of ${database} is replaced and some is not.`;
  teller.phase(`Restoring into ${database}`);
  try {
    await fill({ ...running, choice, database });
  } catch (error) {
    // A server that goes at the COMMIT may have carried it out.
    if (choice.single && server.lost.aborted && !(error instanceof FillFailure && !isLoss(error)))
      outcome.state = `${database} is either as it was or wholly restored: all of it was one transaction.`;
    throw error;
  }
  // It is restored, and too late to be cancelled: what is still to be done does not make a failure of it.
  outcome.state = `${database} is restored; only its tables are not analysed.`;
  teller.phase('Analysing the tables');
  try {
    await inside(server, database, signal, (client) => analyse(client, needs.source.toc));
  } catch (error) {
    const why = signal.aborted ? 'the restore was cancelled' : String((error as Error).message);
    teller.log(`The tables of ${database} are not analysed, because ${why}. ANALYZE does that.`);
  }
  return { kept: null };
}

const isLoss = ({ problem }: FillFailure): boolean =>
  problem.cause === 'program-failed' || problem.server?.sqlstate === '57P01';
