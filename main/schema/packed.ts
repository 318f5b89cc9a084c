import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, inflateRaw, inflateRawSync } from 'node:zlib';
import type { Printed, SchemaModel } from '../../preload/contract/schema-model.ts';
import { joinParts } from './collect.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/**
 * A model as it goes from thread to thread and into the store: JSON of its parts and of its definitions, each deflated.
 * A hundred thousand columns are some 3 MB. Later definitions take the place of earlier ones.
 */
export interface PackedModel {
  parts: Uint8Array[];
  definitions: Uint8Array[];
}

/** In the pool of threads beside this one. */
export const pack = (bytes: Uint8Array): Promise<Buffer> => deflate(bytes, { level: 1 });

export async function unpack<T>(packed: Uint8Array): Promise<T> {
  return JSON.parse((await inflate(packed)).toString()) as T;
}

export const bytesOf = ({ parts, definitions }: PackedModel): number =>
  [...parts, ...definitions].reduce((sum, { length }) => sum + length, 0);

/** The same at once: for threads of their own. */
export const packNow = (text: string): Uint8Array => deflateRawSync(text, { level: 1 });

export const unpackNow = <T>(packed: Uint8Array): T => JSON.parse(inflateRawSync(packed).toString()) as T;

/** The whole model, definitions in their places. For threads of their own. */
export function unpackModel({ parts, definitions }: PackedModel): SchemaModel {
  const printed: Record<string, Printed> = {};
  for (const one of definitions) Object.assign(printed, unpackNow<Record<string, Printed>>(one));
  const model = joinParts(
    parts.map((part) => () => unpackNow<Partial<SchemaModel>>(part)),
    printed,
  );
  if (!model) throw new Error('A packed model has no first part.');
  return model;
}
