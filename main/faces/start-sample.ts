import type { ConsoleClient } from './local-socket.ts';

/**
 * Starts the sample server with its workload, telling each step once. A failure is told and thrown no further:
 * the console is of use without the sample.
 */
export async function startSample(client: ConsoleClient, print: (line: string) => void): Promise<void> {
  let told = '';
  try {
    for await (const progress of await client.sample.start({ workload: true })) {
      if (progress.step !== told) print(`Sample server: ${progress.step}`);
      told = progress.step;
    }
  } catch (error) {
    print(`The sample server could not be started. ${reasonOf(error)}`);
  }
}

/** The contract's errors carry what, why and next; others only a message. */
function reasonOf(error: unknown): string {
  const data = typeof error === 'object' && error !== null && 'data' in error ? error.data : undefined;
  if (typeof data === 'object' && data !== null && 'why' in data && 'next' in data)
    return `${data.why} ${data.next}`;
  return error instanceof Error ? error.message : String(error);
}
