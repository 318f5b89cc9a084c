import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { adjustConsole, Explanation, Instant, onEnvironment, read } from './common.ts';
import type { NamesModel, Printed, SchemaModel } from './schema-model.ts';

/** Passes what the main process made, unchecked: it is ours, and large. */
const ours = <T>() => z.custom<T>(() => true);

/** How introspection goes on: names, then the structure in parts, then the definitions that may wait for locks. */
export const SchemaProgress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), step: z.string(), done: z.number(), total: z.number() }),
  z.object({ kind: z.literal('names'), names: ours<NamesModel>() }),
  /** Parts of one model, its lists to be put behind each other; each part stays well below a frame's limit. */
  z.object({ kind: z.literal('part'), part: ours<Partial<SchemaModel>>(), last: z.boolean() }),
  /** Definitions by oid (and attnum after a dot for columns' expressions), as they come. */
  z.object({
    kind: z.literal('definitions'),
    definitions: ours<Record<string, Printed>>(),
    last: z.boolean(),
  }),
]);
export type SchemaProgress = z.infer<typeof SchemaProgress>;

/** A box moved by hand; positions are in the diagram's own units. */
export const DiagramPlace = z.object({ schema: z.string(), table: z.string(), x: z.number(), y: z.number() });
export type DiagramPlace = z.infer<typeof DiagramPlace>;

export const erdFormats = ['mermaid', 'dbml', 'svg', 'ddl'] as const;

export const schema = {
  /** Reads a database's structure. What is known from before is sent first when `cached`. Ends after the definitions. */
  read: read
    .input(
      onEnvironment.extend({ cached: z.boolean().default(false), definitions: z.boolean().default(true) }),
    )
    .output(eventIterator(SchemaProgress)),
  /** Where boxes were left by hand, by environment and database. */
  places: read.input(onEnvironment).output(z.array(DiagramPlace)),
  savePlaces: adjustConsole
    .input(onEnvironment.extend({ places: z.array(DiagramPlace).max(20_000) }))
    .output(z.void()),
  /** The structure as text. `schemas` empty: all. */
  export: read
    .input(onEnvironment.extend({ format: z.enum(erdFormats), schemas: z.array(z.string()).default([]) }))
    .output(z.object({ name: z.string(), text: z.string() })),
  /** Rows of one table, read-only and few. */
  sampleRows: read
    .input(
      onEnvironment.extend({
        schema: z.string(),
        table: z.string(),
        limit: z.number().int().min(1).max(200),
      }),
    )
    .output(
      z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string().nullable())), at: Instant }),
    ),
  /** Sizes, use and vacuum of one table and its indexes; under lock_timeout. */
  tableFacts: read.input(onEnvironment.extend({ schema: z.string(), table: z.string() })).output(
    z.object({
      facts: z.record(z.string(), z.string().nullable()),
      indexes: z.array(
        z.object({ name: z.string(), bytes: z.string().nullable(), scans: z.string().nullable() }),
      ),
      /** Why some could not be had. */
      problem: Explanation.optional(),
    }),
  ),
};
