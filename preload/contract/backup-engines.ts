import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { changeConsole, EnvironmentRef, Explanation, Instant, read } from './common.ts';

/** Where an engine's own program runs. */
export const EngineWhere = z.discriminatedUnion('kind', [
  /** `as`: another account of this machine, through sudo. */
  z.object({ kind: z.literal('local'), as: z.string().min(1).max(100).optional() }),
  z.object({ kind: z.literal('docker'), name: z.string().min(1).max(200) }),
  z.object({ kind: z.literal('ssh'), name: z.string().min(1).max(200) }),
]);
export type EngineWhere = z.infer<typeof EngineWhere>;

export const EngineDraft = z.object({
  kind: z.enum(['pgbackrest', 'barman']),
  /** Of pgBackRest a stanza, of Barman a server. */
  name: z.string().min(1).max(100),
  where: EngineWhere,
  /** Its configuration file, when it is not where the engine looks by itself. */
  config: z.string().min(1).max(4096).nullable().default(null),
  environment: EnvironmentRef.nullable().default(null),
});
export type EngineDraft = z.infer<typeof EngineDraft>;

export const EngineBackup = z.object({
  /** As the engine calls it, such as `20261121-010203F`. */
  label: z.string(),
  type: z.enum(['full', 'differential', 'incremental', 'unknown']),
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  /** Of the cluster, and of what this backup takes in the repository. */
  bytes: z.number().nullable(),
  repositoryBytes: z.number().nullable(),
  /** Segments it needs. */
  walFrom: z.string().nullable(),
  walTo: z.string().nullable(),
  /** Labels of backups it can't be restored without. */
  needs: z.array(z.string()),
  state: z.enum(['good', 'bad', 'running', 'unknown']),
  /** The engine's own word for the state, and what it found bad. */
  said: z.string(),
  /** The number of the repository that holds it; null where the engine has one alone, or keeps no count. */
  repository: z.number().int().nullable().default(null),
});
export type EngineBackup = z.infer<typeof EngineBackup>;

/** One of several repositories of a stanza. */
export const EngineRepository = z.object({
  /** As pgBackRest counts them, from 1 on. */
  key: z.number().int(),
  backups: z.number().int(),
  walFrom: z.string().nullable(),
  walTo: z.string().nullable(),
  /** Moments between which a restore from it alone can end. */
  window: z.object({ from: Instant, to: Instant }).nullable(),
  /** What is wrong with it, in the engine's own words; null: nothing. */
  problem: z.string().nullable(),
});
export type EngineRepository = z.infer<typeof EngineRepository>;

/** pgBackRest's own bounds. */
export const RepositoryKey = z.number().int().min(1).max(256);

export const Engine = EngineDraft.extend({
  id: z.string(),
  version: z.string().nullable(),
  /** Newest first. */
  backups: z.array(EngineBackup),
  /** Of the archive. */
  walFrom: z.string().nullable(),
  walTo: z.string().nullable(),
  /** Moments between which a restore can end; `to` null: until now, as far as the engine can tell. Null: none. */
  window: z.object({ from: Instant, to: Instant.nullable() }).nullable(),
  /** By number, where there are several; empty otherwise. */
  repositories: z.array(EngineRepository).default([]),
  /** What the engine doesn't tell, a sentence each. */
  unknown: z.array(z.string()),
  readAt: Instant.nullable(),
  problem: Explanation.optional(),
});
export type Engine = z.infer<typeof Engine>;

/** A managed service's own backups, which are looked at where they are. */
export const SnapshotLink = z.object({
  environment: z.string(),
  provider: z.string(),
  url: z.string(),
  said: z.string(),
});
export type SnapshotLink = z.infer<typeof SnapshotLink>;

export const EngineProgress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begun'), run: z.string(), command: z.string() }),
  z.object({ kind: z.literal('log'), text: z.string() }),
  z.object({
    kind: z.literal('failed'),
    problem: Explanation,
    state: z.string(),
    cancelled: z.boolean(),
  }),
  z.object({ kind: z.literal('finished'), engine: Engine, label: z.string().nullable() }),
]);
export type EngineProgress = z.infer<typeof EngineProgress>;

/** pgBackRest and Barman: read, and asked to back up; never imitated. */
export const backupEngines = {
  /** Stanzas and servers that are configured where a program runs, and not yet noted. */
  find: read.input(z.object({ where: EngineWhere.default({ kind: 'local' }) })).output(z.array(EngineDraft)),
  add: changeConsole.input(EngineDraft).output(Engine),
  change: changeConsole.input(EngineDraft.extend({ id: z.string() })).output(Engine),
  remove: changeConsole.input(z.object({ id: z.string() })).output(z.array(Engine)),
  /** As they were last read; with `again` they are read now. */
  list: read
    .input(z.object({ environment: EnvironmentRef.optional(), again: z.boolean().default(false) }))
    .output(z.array(Engine)),
  snapshots: read.output(z.array(SnapshotLink)),
  /** Has the engine make a backup. Cancelled by `backups.cancel`. */
  backup: changeConsole
    .input(
      z.object({
        engine: z.string(),
        type: z.enum(['full', 'differential', 'incremental']).default('full'),
        /** Where there are several: which one it goes to; the first unless given. */
        repository: RepositoryKey.nullable().default(null),
      }),
    )
    .output(eventIterator(EngineProgress)),
};
