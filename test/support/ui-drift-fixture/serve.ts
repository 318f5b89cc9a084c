import { createReadStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Everything here runs in the project's folder. */
const fixture = resolve('test/support/ui-drift-fixture');

/** Builds the fixture as the product is built, with the made-up console in place of the client, into `outDir`. */
export async function buildFixture(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: fixture,
    base: './',
    plugins: [
      {
        name: 'fixture-client',
        enforce: 'pre',
        resolveId: (source, importer) =>
          source.endsWith('lib/client.ts') ||
          (source === './client.ts' && importer?.includes('/renderer/lib/'))
            ? join(fixture, 'client.ts')
            : null,
      },
      react(),
    ],
    build: { outDir, emptyOutDir: true, reportCompressedSize: false, chunkSizeWarningLimit: 4000 },
  });
}

/** Serves a built fixture on a free loopback port. */
export async function serveFixture(folder: string): Promise<{ address: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = path === '/' ? '/index.html' : path;
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    createReadStream(join(folder, file))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, server };
}
