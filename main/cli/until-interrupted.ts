/**
 * Does some work that can be stopped from outside, by Ctrl-C or by the system: then the signal is given, so that the
 * work can take away what it made before the process ends. A second Ctrl-C ends the process at once.
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = (): void => {
    for (const name of names) process.off(name, stop);
    controller.abort(new Error('Cancelled.'));
  };
  for (const name of names) process.on(name, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    // Said in one word, whatever it was that broke off.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    for (const name of names) process.off(name, stop);
  }
}
