import { RPCHandler } from '@orpc/server/message-port';
import { type Answering, account, type Log } from '../answering.ts';
import { frameProblem } from '../rpc-frame.ts';
import { isAppAddress } from './app-protocol.ts';

/** The channel over which the preload script hands its port over. */
export const portChannel = 'howdah:port';

/** The parts of Electron's MessagePortMain that are used here. */
export interface Port {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/** The parts of the event with which a port arrives. */
interface PortEvent {
  senderFrame: { readonly url: string } | null;
  ports: readonly Port[];
}

/**
 * Whether a port comes from the page we loaded: the window's main frame (the very same object), showing our own
 * address. Anything else that runs in the window, a frame within it for example, gets no answer.
 */
export function isOwnFrame(frame: PortEvent['senderFrame'], mainFrame: unknown): boolean {
  return frame !== null && frame === mainFrame && isAppAddress(frame.url);
}

/**
 * Takes ports that the window hands over and answers calls on them, one port at a time: a page that was loaded
 * anew hands over a new one, and the streams of the old one end.
 */
export function createPortDoor(answering: Promise<Answering>, mainFrame: () => unknown, log: Log) {
  let current: Port | undefined;
  return (event: PortEvent): void => {
    const [port] = event.ports;
    if (!port) return;
    if (!isOwnFrame(event.senderFrame, mainFrame())) {
      log('A port was refused: it did not come from the page of the console.');
      port.close();
      return;
    }
    current?.close();
    current = port;
    answering.then(
      (console) => servePort(port, console, log),
      () => port.close(),
    );
  };
}

/** Answers calls on a port until it closes. What is no call closes it. */
function servePort(port: Port, answering: Answering, log: Log): void {
  const handler = new RPCHandler(answering.router);
  const context = answering.context({ who: account(), face: 'desktop' });
  const refuse = (problem: string): void => {
    log(`The window's port was closed: it sent something that is no call (${problem}).`);
    port.close();
  };
  const guarded = {
    on: (event: string, listener: (event?: { data: unknown }) => unknown): void => {
      if (event !== 'message') {
        port.on('close', () => void listener());
        return;
      }
      port.on('message', (message) => {
        const problem = typeof message.data === 'string' ? frameProblem(message.data) : 'not text';
        if (problem) return refuse(problem);
        // Rejects when a stream throws or an answer can't be sent; the window is told by the handler itself.
        void Promise.resolve(listener(message)).catch((error: unknown) =>
          log(`A call ended with an error: ${String(error)}`),
        );
      });
    },
    postMessage: (message: unknown): void => port.postMessage(message),
  };
  handler.upgrade(guarded, { context });
  port.start();
}
