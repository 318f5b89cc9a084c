import { connect, createServer, type Server, type Socket } from 'node:net';

/** A stretch of network between a client and a server that the test can cut. */
export interface TestProxy {
  port: number;
  /** Connections that passed so far. */
  passed(): number;
  /** Closes every connection with a reset, and goes on taking new ones. */
  reset(): void;
  /** From now on nothing passes in either direction and nobody is told: a cable that was pulled. */
  silence(): void;
  /** Lets new connections pass again; those that were silenced stay so. */
  heal(): void;
  /** Sends new connections to another port. */
  point(port: number): void;
  close(): Promise<void>;
}

export async function startProxy(targetPort: number): Promise<TestProxy> {
  let target = targetPort;
  let silent = false;
  let passed = 0;
  const pairs = new Set<{ near: Socket; far: Socket | undefined }>();
  const server: Server = createServer((near) => {
    near.on('error', () => undefined);
    const pair: { near: Socket; far: Socket | undefined } = { near, far: undefined };
    pairs.add(pair);
    near.once('close', () => {
      pair.far?.destroy();
      pairs.delete(pair);
    });
    if (silent) {
      near.pause();
      return;
    }
    passed += 1;
    const far = connect(target, '127.0.0.1');
    pair.far = far;
    far.on('error', () => near.destroy());
    far.once('close', () => near.destroy());
    near.pipe(far);
    far.pipe(near);
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  return {
    port,
    passed: () => passed,
    reset: () => {
      for (const { near, far } of pairs) {
        near.resetAndDestroy();
        far?.destroy();
      }
    },
    silence: () => {
      silent = true;
      for (const { near, far } of pairs) {
        near.unpipe();
        far?.unpipe();
        near.pause();
        far?.pause();
      }
    },
    heal: () => {
      silent = false;
    },
    point: (port) => {
      target = port;
    },
    close: async () => {
      for (const { near, far } of pairs) {
        near.destroy();
        far?.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
