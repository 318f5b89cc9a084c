import type { Operation } from '../../../preload/contract/maintenance.ts';

/** What a phase means, and which columns of the view say how far it is (PostgreSQL manual, "Progress Reporting"). */
export interface Phase {
  meaning: string;
  done?: string;
  total?: string;
  unit?: NonNullable<Operation['unit']>;
}

const vacuum: Record<string, Phase> = {
  initializing: { meaning: 'It is about to read the table.' },
  'scanning heap': {
    meaning: 'It reads the table, page by page, and notes dead rows.',
    done: 'heap_blks_scanned',
    total: 'heap_blks_total',
    unit: 'blocks',
  },
  'vacuuming indexes': {
    meaning:
      'It takes the dead rows out of the indexes. More than one round means that maintenance_work_mem is small.',
    done: 'indexes_processed',
    total: 'indexes_total',
    unit: 'indexes',
  },
  'vacuuming heap': {
    meaning: 'It takes the dead rows out of the table.',
    done: 'heap_blks_vacuumed',
    total: 'heap_blks_total',
    unit: 'blocks',
  },
  'cleaning up indexes': {
    meaning: 'It tidies the indexes after everything was read.',
    done: 'indexes_processed',
    total: 'indexes_total',
    unit: 'indexes',
  },
  'truncating heap': { meaning: 'It gives empty pages at the end of the table back to the system.' },
  'performing final cleanup': { meaning: 'It updates the free space map and the statistics.' },
};

const analyze: Record<string, Phase> = {
  initializing: { meaning: 'It is about to read the table.' },
  'acquiring sample rows': {
    meaning: 'It reads a sample of the table’s pages.',
    done: 'sample_blks_scanned',
    total: 'sample_blks_total',
    unit: 'blocks',
  },
  'acquiring inherited sample rows': {
    meaning: 'It reads samples of the partitions or children.',
    done: 'child_tables_done',
    total: 'child_tables_total',
    unit: 'tables',
  },
  'computing statistics': { meaning: 'It works the sample out.' },
  'computing extended statistics': {
    meaning: 'It works out statistics over several columns.',
    done: 'ext_stats_computed',
    total: 'ext_stats_total',
    unit: 'statistics',
  },
  'finalizing analyze': { meaning: 'It writes the statistics down.' },
};

const lockers = { done: 'lockers_done', total: 'lockers_total', unit: 'sessions' } as const;
const createIndex: Record<string, Phase> = {
  initializing: { meaning: 'It is about to begin.' },
  'waiting for writers before build': {
    meaning: 'It waits for transactions that write to the table.',
    ...lockers,
  },
  'building index': {
    meaning: 'It reads the table and builds the index.',
    done: 'blocks_done',
    total: 'blocks_total',
    unit: 'blocks',
  },
  'building index: loading tuples in tree': {
    meaning: 'It writes the sorted entries into the index.',
    done: 'tuples_done',
    total: 'tuples_total',
    unit: 'rows',
  },
  'waiting for writers before validation': {
    meaning: 'It waits for transactions that wrote without knowing the index.',
    ...lockers,
  },
  'index validation: scanning index': {
    meaning: 'It reads the index to find rows that it lacks.',
    done: 'blocks_done',
    total: 'blocks_total',
    unit: 'blocks',
  },
  'index validation: sorting tuples': { meaning: 'It sorts what it found in the index.' },
  'index validation: scanning table': {
    meaning: 'It reads the table again for rows that the index lacks.',
    done: 'blocks_done',
    total: 'blocks_total',
    unit: 'blocks',
  },
  'waiting for old snapshots': {
    meaning: 'It waits for transactions that may still see rows that the index lacks.',
    ...lockers,
  },
  'waiting for readers before marking dead': {
    meaning: 'It waits for transactions that read through the old index.',
    ...lockers,
  },
  'waiting for readers before dropping': {
    meaning: 'It waits for transactions that may still read through the old index.',
    ...lockers,
  },
};

const cluster: Record<string, Phase> = {
  initializing: { meaning: 'It is about to begin. Nobody else can use the table.' },
  'seq scanning heap': {
    meaning: 'It reads the table from end to end. Nobody else can use it.',
    done: 'heap_blks_scanned',
    total: 'heap_blks_total',
    unit: 'blocks',
  },
  'index scanning heap': {
    meaning: 'It reads the table in the order of an index. Nobody else can use it.',
    done: 'heap_tuples_scanned',
    unit: 'rows',
  },
  'sorting tuples': { meaning: 'It sorts the rows. Nobody else can use the table.' },
  'writing new heap': {
    meaning: 'It writes the new table. Nobody else can use it.',
    done: 'heap_tuples_written',
    unit: 'rows',
  },
  'swapping relation files': { meaning: 'It puts the new table in the place of the old one.' },
  'rebuilding index': {
    meaning: 'It builds the indexes anew.',
    done: 'index_rebuild_count',
    unit: 'indexes',
  },
  'performing final cleanup': { meaning: 'It takes the old files away.' },
};

const streamed = { done: 'backup_streamed', total: 'backup_total', unit: 'bytes' } as const;
const baseBackup: Record<string, Phase> = {
  initializing: { meaning: 'It is about to begin.' },
  'waiting for checkpoint to finish': {
    meaning: 'It waits for the checkpoint from which the backup starts.',
  },
  'estimating backup size': { meaning: 'It counts how much there is.' },
  'streaming database files': { meaning: 'It sends the server’s files.', ...streamed },
  'waiting for wal archiving to finish': { meaning: 'It waits until the last WAL has been archived.' },
  'transferring wal files': { meaning: 'It sends the WAL that belongs to the backup.', ...streamed },
};

interface View {
  kind: Operation['kind'];
  /** Where the view has no column `command`. */
  command: string;
  phases: Readonly<Record<string, Phase>>;
}

/** COPY has no phases; how far it is is known when it reads from a file. */
const copy: Phase = {
  meaning: 'It moves rows between a table and a file or client.',
  done: 'bytes_processed',
  total: 'bytes_total',
  unit: 'bytes',
};

/** All views of progress there are. */
export const views: Readonly<Record<string, View>> = {
  pg_stat_progress_vacuum: { kind: 'vacuum', command: 'VACUUM', phases: vacuum },
  pg_stat_progress_analyze: { kind: 'analyze', command: 'ANALYZE', phases: analyze },
  pg_stat_progress_create_index: { kind: 'create index', command: 'CREATE INDEX', phases: createIndex },
  pg_stat_progress_cluster: { kind: 'cluster', command: 'CLUSTER', phases: cluster },
  pg_stat_progress_copy: { kind: 'copy', command: 'COPY', phases: {} },
  pg_stat_progress_basebackup: { kind: 'base backup', command: 'BASE_BACKUP', phases: baseBackup },
};

/** A phase by the name that the server gives it; one of a later server is unknown, and shown as it is. */
export function phaseOf(view: string, phase: string): Phase {
  if (view === 'pg_stat_progress_copy') return copy;
  const { phases = {} } = views[view] ?? {};
  if (phases[phase]) return phases[phase];
  // An access method may name steps of its own: `building index: scanning table`.
  const stem = phase.split(':')[0] ?? '';
  return phases[stem] ?? { meaning: '' };
}
