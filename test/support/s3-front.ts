import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server before the real one, which answers some requests by itself. */
export async function startS3Front(
  port: number,
  answer: (method: string, url: string) => [number, string] | undefined,
): Promise<{ url: string; close(): Promise<void> }> {
  const front: Server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const own = answer(method, url);
    if (own) {
      incoming.resume();
      outgoing.writeHead(own[0], { 'content-type': 'application/xml' });
      outgoing.end(`<?xml version="1.0"?><Error><Code>${own[1]}</Code><Message>So it is.</Message></Error>`);
      return;
    }
    const onward = request(
      { port, host: '127.0.0.1', agent: false, method, path: url, headers },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(outgoing);
      },
    );
    // Swift sends a body after HEAD's answer; that is no answer of its own.
    onward.on('error', () => outgoing.headersSent || outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    close: async () => {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
    },
  };
}
