import { ORPCError } from '@orpc/client';
import type { DiagramPlace, SchemaProgress } from '../../../preload/contract/schema.ts';
import type { HowdahClient } from '../../../renderer/lib/client.ts';
import type { DiagramView } from '../../../renderer/schema/canvas/view.ts';

/*
 * Stands in for renderer/lib/client.ts. The address says what to play:
 * ?model=believable|awkward|empty|<number of tables>&play=full|loading|reading|error|broken
 */
const options = new URLSearchParams(window.location.search);
const play = options.get('play') ?? 'full';
const placesKey = 'fixture-places';

const trouble = () =>
  new ORPCError('SERVER_ERROR', {
    data: {
      what: 'The structure could not be read.',
      why: 'The role may not read pg_class.',
      next: 'Ask for SELECT on pg_catalog to be granted back.',
      cause: 'permission-denied',
      server: { message: 'permission denied for table pg_class', sqlstate: '42501' },
    },
  });

/** Keeps how long it takes from the model's last part until the diagram shows, for the bench. */
function watchFirstPicture(): void {
  const from = performance.now();
  Object.assign(window, { lastPartAt: from });
  const look = (): void => {
    const canvas = document.querySelector<HTMLCanvasElement & { diagramView?: DiagramView }>(
      '[role=application] canvas',
    );
    if (canvas?.diagramView?.scene) {
      requestAnimationFrame(() => Object.assign(window, { firstPictureMs: performance.now() - from }));
    } else {
      requestAnimationFrame(look);
    }
  };
  look();
}

const schema = {
  async read(_input: unknown, { signal }: { signal: AbortSignal }) {
    if (play === 'loading') await new Promise(() => undefined);
    if (play === 'error') throw trouble();
    return (async function* (): AsyncGenerator<SchemaProgress> {
      const worker = new Worker(new URL('./server.worker.ts', import.meta.url), { type: 'module' });
      const queue: SchemaProgress[] = [];
      let wake = (): void => undefined;
      worker.addEventListener('message', ({ data }: MessageEvent<SchemaProgress>) => {
        queue.push(data);
        wake();
      });
      signal.addEventListener('abort', () => wake());
      worker.postMessage({
        model: options.get('model') ?? 'believable',
        hold: play === 'reading' || play === 'broken',
      });
      try {
        while (!signal.aborted) {
          const next = queue.shift();
          if (!next) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            continue;
          }
          if (next.kind === 'part' && next.last) watchFirstPicture();
          yield next;
          if (play === 'broken' && next.kind === 'step') throw trouble();
          if (next.kind === 'definitions' && next.last) return;
          // A message at a time, as they come off a wire.
          await new Promise((resolve) => setTimeout(resolve));
        }
      } finally {
        worker.terminate();
      }
    })();
  },
  async places(): Promise<DiagramPlace[]> {
    return JSON.parse(window.localStorage.getItem(placesKey) ?? '[]');
  },
  async savePlaces({ places }: { places: DiagramPlace[] }): Promise<void> {
    window.localStorage.setItem(placesKey, JSON.stringify(places));
  },
};

/** What asks the server about one table finds it locked. */
const table = {
  tableFacts: () => Promise.reject(trouble()),
  tableDdl: () => Promise.reject(trouble()),
  sampleRows: () => Promise.reject(trouble()),
};

const console_ = {
  preferences: async () => ({ theme: 'system', tables: {} }),
  savePreferences: async () => undefined,
};

export function onLinkState(): () => void {
  return () => undefined;
}

export const client = { schema: { ...schema, ...table }, console: console_ } as unknown as HowdahClient;
