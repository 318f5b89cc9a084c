import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { SchemaProgress } from '../../preload/contract/schema.ts';
import { parseJson } from './joiner.ts';
import type { Keeper } from './read-schema.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** The models that were read last, packed: a hundred thousand columns are some 3 MB. */
export interface KnownModels {
  /** Takes a model in while it is read; it takes the place of the last one once it is whole. */
  keep(key: string): Keeper;
  /** What it was read from, where all its definitions are known; then nothing else need be read while it holds. */
  fingerprint(key: string, definitions: boolean): string | undefined;
  /** The model as it was read, from the names on. */
  replay(key: string, definitions: boolean): AsyncGenerator<SchemaProgress, void, void>;
}

interface Known {
  names: Promise<Buffer>;
  parts: Promise<Buffer>[];
  definitions: Promise<Buffer>[];
  fingerprint: string;
  /** All definitions have come, and none waits for a lock. */
  settled: boolean;
}

/** How many models are kept. */
const most = 8;

export function openKnownModels(): KnownModels {
  const models = new Map<string, Known>();
  return {
    keep: (key) => {
      let names: Promise<Buffer> = Promise.resolve(Buffer.alloc(0));
      let parts: Promise<Buffer>[] = [];
      let known: Known | undefined;
      const waiting = new Set<string>();
      return {
        names: (bytes) => {
          names = pack(bytes);
          parts = [];
        },
        part: (bytes) => {
          parts.push(pack(bytes));
        },
        whole: (fingerprint) => {
          known = { names, parts, definitions: [], fingerprint, settled: false };
          models.delete(key);
          models.set(key, known);
          const [oldest] = models.keys();
          if (models.size > most && oldest !== undefined) models.delete(oldest);
        },
        definitions: (definitions, last) => {
          if (!known) return;
          for (const [name, { state }] of Object.entries(definitions)) {
            if (state === 'waiting') waiting.add(name);
            else waiting.delete(name);
          }
          known.definitions.push(pack(Buffer.from(JSON.stringify(definitions))));
          known.settled = last && waiting.size === 0;
        },
      };
    },
    fingerprint: (key, definitions) => {
      const known = models.get(key);
      return known?.fingerprint && (known.settled || !definitions) ? known.fingerprint : undefined;
    },
    replay: async function* (key, definitions) {
      const known = models.get(key);
      if (!known) return;
      yield { kind: 'names', names: parseJson(await inflate(await known.names)) };
      for (const [index, packed] of known.parts.entries()) {
        const part = parseJson<object>(await inflate(await packed));
        yield { kind: 'part', part, last: index === known.parts.length - 1 };
      }
      if (!definitions) return;
      for (const packed of [...known.definitions])
        yield { kind: 'definitions', definitions: parseJson(await inflate(await packed)), last: false };
      yield { kind: 'definitions', definitions: {}, last: true };
    },
  };
}

/** In the pool of threads beside this one. */
const pack = (bytes: Uint8Array): Promise<Buffer> => deflate(bytes, { level: 1 });
