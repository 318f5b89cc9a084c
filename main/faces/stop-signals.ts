import { endProcess } from '../secrets/index.ts';

/** Closing may take this long, in ms, before the process ends all the same. */
const patience = 15_000;

/**
 * Ends the process in good order: on Ctrl-C (SIGINT), on SIGTERM, when the terminal closes (SIGHUP), and when the
 * process that started this one and holds a channel to it is gone.
 *
 * `close` runs once, however many signals come: npm and the terminal both pass one on. The exit code is 0, for
 * this is how a console is meant to end; it is 1 when closing failed or took longer than 15 s.
 *
 * Call it before anything is started that has to be closed: a signal that comes earlier ends the process at once.
 */
export function closeOnSignals(close: () => Promise<void>, log: (line: string) => void): void {
  let closing = false;
  const stop = (): void => {
    if (closing) return;
    closing = true;
    setTimeout(() => {
      log('Closing took too long; the process ends now.');
      endProcess(1);
    }, patience).unref();
    close().then(
      () => endProcess(0),
      (error: unknown) => {
        log(`Closing failed: ${String(error)}`);
        endProcess(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  if (process.channel) {
    process.on('disconnect', stop);
    // The channel is there to end with the other process, not to keep this one alive.
    process.channel.unref();
  }
}

/**
 * Keeps the process up when something throws where nobody listens: it is told, whole, and the console goes on.
 * A terminal that is gone must not end it either; the signal that says so does that in good order.
 */
export function surviveStrayErrors(log: (line: string) => void): void {
  const tell = (error: unknown): void =>
    log(
      `An error that nothing handled: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
}
