import type { SchemaProgress } from '../../preload/contract/schema.ts';
import { parseJson } from './joiner.ts';
import { type PackedModel, pack, unpack } from './packed.ts';
import type { Header } from './parts.ts';
import type { Keeper } from './read-schema.ts';

/** A model as it was read, packed. */
export interface KnownModel {
  /** Tells it from every other of this run, and from itself with fewer definitions. */
  readonly id: string;
  header: Header;
  /** What it was read from: where that still holds, nothing need be read again. Empty when that can't be told. */
  fingerprint: string;
  /** When it was last seen to hold, ms since 1970, by this machine's clock. */
  seenAt: number;
  /** All definitions have come, and none waits for a lock. */
  isSettled(): boolean;
  /** All definitions were asked for; some may wait for a lock. */
  isAsked(): boolean;
  packed(): Promise<PackedModel>;
  /** As it was read, from the names on. */
  replay(definitions: boolean): AsyncGenerator<SchemaProgress, void, void>;
}

/** One reading that is kept. */
export interface KeptReading {
  keeper: Keeper;
  /** Once its structure is whole. */
  model(): KnownModel | undefined;
}

/** The models that were read last, by environment, place and role. */
export interface KnownModels {
  get(key: string): KnownModel | undefined;
  /** Takes a model in while it is read; it takes the place of the last one once it is whole. */
  begin(key: string): KeptReading;
}

/** How many models are kept. */
const most = 8;

export function openKnownModels(): KnownModels {
  const models = new Map<string, KnownModel>();
  return {
    get: (key) => models.get(key),
    begin: (key) =>
      keepReading((model) => {
        models.delete(key);
        models.set(key, model);
        const [oldest] = models.keys();
        if (models.size > most && oldest !== undefined) models.delete(oldest);
      }),
  };
}

let count = 0;

/** @param onWhole called as soon as the structure is whole; definitions may still come */
export function keepReading(onWhole: (model: KnownModel) => void = () => undefined): KeptReading {
  let header: Header | undefined;
  let names: Promise<Buffer> = Promise.resolve(Buffer.alloc(0));
  let parts: Promise<Buffer>[] = [];
  let known: KnownModel | undefined;
  let definitions: Promise<Buffer>[] = [];
  const waiting = new Set<string>();
  let settled = false;
  let asked = false;
  let mixed = false;
  const keeper: Keeper = {
    names: (bytes) => {
      // A reading that somebody's changes disturbed begins anew.
      names = pack(bytes);
      parts = [];
      definitions = [];
      waiting.clear();
      settled = false;
      asked = false;
      mixed = false;
    },
    part: (bytes) => {
      // The first part holds what the model is of, and no lists.
      if (parts.length === 0) header = headerOf(parseJson<Header>(bytes));
      parts.push(pack(bytes));
    },
    whole: (fingerprint) => {
      if (!header) throw new Error('A model without a first part was read.');
      known = modelOf({
        ...{ header, names, parts, definitions, fingerprint },
        isSettled: () => settled,
        isAsked: () => asked,
      });
      onWhole(known);
    },
    mixed: () => {
      mixed = true;
      settled = false;
      if (known) known.fingerprint = '';
    },
    definitions: (printed, last) => {
      for (const [name, { state }] of Object.entries(printed)) {
        if (state === 'waiting') waiting.add(name);
        else waiting.delete(name);
      }
      definitions.push(pack(Buffer.from(JSON.stringify(printed))));
      settled = last && waiting.size === 0 && !mixed;
      if (known) known.seenAt = Date.now();
    },
  };
  return { keeper, model: () => known };
}

interface Packing extends Pick<KnownModel, 'header' | 'fingerprint' | 'isSettled' | 'isAsked'> {
  names: Promise<Buffer>;
  parts: Promise<Buffer>[];
  definitions: Promise<Buffer>[];
}

function modelOf({ names, parts, definitions, ...told }: Packing): KnownModel {
  count += 1;
  const number = count;
  return {
    get id() {
      return `read ${number} ${definitions.length}`;
    },
    ...told,
    seenAt: Date.now(),
    packed: async () => ({ parts: await Promise.all(parts), definitions: await Promise.all(definitions) }),
    replay: async function* (withDefinitions) {
      yield { kind: 'names', names: await unpack(await names) };
      for (const [index, packed] of parts.entries())
        yield { kind: 'part', part: await unpack(await packed), last: index === parts.length - 1 };
      if (!withDefinitions) return;
      for (const packed of [...definitions])
        yield { kind: 'definitions', definitions: await unpack(await packed), last: false };
      yield { kind: 'definitions', definitions: {}, last: true };
    },
  };
}

const headerOf = ({ at, server, database, user, unseen }: Header): Header => ({
  at,
  server,
  database,
  user,
  unseen,
});
