import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';

/** A port where the system itself drops every attempt to connect: what a firewall that says nothing looks like. */
export interface SilentHost {
  port: number;
  stop(): void;
}

const listener = `
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));
`;

/** A stopped process takes no connection off its queue; once that is full Linux leaves further ones without an answer. */
export async function startSilentHost(): Promise<SilentHost> {
  const child = spawn(process.execPath, ['-e', listener], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) =>
    child.stdout.once('data', (text) => resolve(Number(String(text)))),
  );
  child.kill('SIGSTOP');
  const queued: Socket[] = [];
  const stop = (): void => {
    for (const socket of queued) socket.destroy();
    child.kill('SIGKILL');
  };
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    queued.push(socket);
    const taken = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      setTimeout(() => resolve(false), 500);
    });
    if (!taken) return { port, stop };
  }
  stop();
  throw new Error('The queue of the silent host did not fill.');
}
