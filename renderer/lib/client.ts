import type { ClientLink } from '@orpc/client';
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../preload/contract/index.ts';

export type HowdahClient = ContractRouterClient<Contract>;

/** Whether the console behind this window can be reached, for the shell to show. */
export type LinkState = 'connecting' | 'open' | 'closed';

type Listener = (state: LinkState) => void;

const listeners = new Set<Listener>();
let state: LinkState = 'connecting';

/** Tells the state of the link now and at each change. Returns the function that ends it. */
export function onLinkState(listener: Listener): () => void {
  listeners.add(listener);
  listener(state);
  return () => listeners.delete(listener);
}

function setState(next: LinkState): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener(next);
}

type AnyLink = Pick<ClientLink<Record<never, never>>, 'call'>;

/** The desktop's link: the preload script hands a port over once the window asks for it. */
function desktopLink(): AnyLink {
  const { port1: client, port2: server } = new MessageChannel();
  window.postMessage('howdah:port', window.location.origin, [server]);
  client.start();
  setState('open');
  return new PortLink({ port: client });
}

/**
 * The browser's link: a WebSocket on the page's own origin. When it closes, calls under way fail, and the
 * next socket is tried after 0.5 s, then at growing distances up to 5 s.
 */
function socketLink(): AnyLink {
  let link: Promise<SocketLink<Record<never, never>>>;
  let failures = 0;

  const connect = (): void => {
    const url = new URL('/rpc', window.location.href);
    url.protocol = 'ws:';
    const socket = new WebSocket(url);
    link = new Promise((resolve) => {
      socket.addEventListener('open', () => {
        failures = 0;
        setState('open');
        resolve(new SocketLink({ websocket: socket }));
      });
      socket.addEventListener('close', () => {
        setState('closed');
        failures += 1;
        const wait = Math.min(5000, 250 * 2 ** failures);
        setTimeout(() => {
          connect();
          void link.then(resolve);
        }, wait);
      });
    });
  };
  connect();
  return { call: async (path, input, options) => (await link).call(path, input, options) };
}

const isDesktop = 'howdahDesktop' in window;

/** Every procedure of the contract, from the renderer. */
export const client: HowdahClient = createORPCClient(isDesktop ? desktopLink() : socketLink());
