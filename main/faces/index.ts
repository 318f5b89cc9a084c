/** The ways to a console from outside: browsers, the desktop's window, other programs of the same account. */

export { account } from './answering.ts';
export { loadAppFiles } from './app-files.ts';
export { serve } from './browser/serve.ts';
export { type ConsoleClient, connectLocal } from './local-socket.ts';
export { type RunningConsole, startRunningConsole } from './running-console.ts';
export { startSample } from './start-sample.ts';
export { closeOnSignals, surviveStrayErrors } from './stop-signals.ts';
