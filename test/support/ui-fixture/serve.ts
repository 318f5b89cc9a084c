/**
 * Serves a built renderer over a console that is only acted, for looking at the screens with awkward data.
 *
 *     node test/support/ui-fixture/serve.ts [--renderer dist/renderer] [--port 4100] [--environments 60]
 *                                           [--keychain open|locked|none] [--sample] [--theme dark]
 *
 * The page gets the same headers as from the real browser face, its content security policy included.
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import { loadAppFiles } from '../../../main/faces/app-files.ts';
import { fixtureRouter } from './router.ts';

const { values } = parseArgs({
  options: {
    renderer: { type: 'string', default: 'dist/renderer' },
    port: { type: 'string', default: '4100' },
    environments: { type: 'string', default: '60' },
    keychain: { type: 'string', default: 'open' },
    sample: { type: 'boolean', default: false },
    theme: { type: 'string', default: 'system' },
  },
});

const theme = values.theme === 'light' || values.theme === 'dark' ? values.theme : 'system';
const keychain = values.keychain === 'locked' || values.keychain === 'none' ? values.keychain : 'open';
const router = fixtureRouter({
  environments: Number(values.environments),
  keychain,
  sample: values.sample,
  theme,
});
const handler = new RPCHandler(router);
const files = await loadAppFiles(values.renderer);
const http = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const reply = files.answer(pathname);
  response.writeHead(reply.status, reply.headers).end(reply.body);
});
const sockets = new WebSocketServer({ server: http, path: '/rpc' });
sockets.on('connection', (socket) => void handler.upgrade(socket));
http.listen(Number(values.port), '127.0.0.1', () =>
  process.stdout.write(`http://127.0.0.1:${values.port}/\n`),
);
