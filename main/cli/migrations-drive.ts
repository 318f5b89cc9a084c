import type { Chosen, RunsClient, TrackOptions } from './migrations-track.ts';
import { printable, printJson } from './output.ts';
import { CallProblem } from './run.ts';

/**
 * Runs a driven tool's own command, its output on the streams that it was written to; with `--json` all of it goes to
 * standard error. Good is what the command itself calls good.
 */
export async function driveAction(
  runs: RunsClient,
  { on, guarded, track }: Chosen,
  action: string,
  { json }: TrackOptions,
  signal: AbortSignal,
): Promise<0 | 1> {
  const commands = await runs.commands(on, { signal });
  const found = commands.find((one) => one.action === action);
  if (!found)
    throw new CallProblem(
      commands.length
        ? `${track.title} has no command for that here; it has: ${commands.map((one) => one.action).join(', ')}.`
        : `There is no folder to run ${track.title} in; --dir names a project.`,
    );
  const { command } = found;
  process.stderr.write(`Runs in ${printable(track.project ?? '')}: ${printable(command)}\n`);
  let end: { code: number | null; signal: string | null; ms: number } | undefined;
  for await (const output of await runs.drive({ ...guarded, action, command }, { signal })) {
    if (output.kind === 'ended') end = { code: output.code, signal: output.signal, ms: output.ms };
    else (output.stream === 'out' && !json ? process.stdout : process.stderr).write(`${output.text}\n`);
  }
  if (json) printJson({ track: track.key, command, ...(end ?? { code: null, signal: null, ms: 0 }) });
  else if (end?.code !== 0)
    process.stderr.write(
      end?.code === null
        ? `The command was ended by ${end.signal}.\n`
        : `The command ended with code ${end?.code}.\n`,
    );
  return end?.code === 0 ? 0 : 1;
}
