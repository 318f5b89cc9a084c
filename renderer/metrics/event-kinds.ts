import type { ServerEvent } from '../../preload/contract/metrics.ts';

/** What sort of thing happened: `trouble` at the server, a `change` of it, an `act` from here, or a `copy` taken. */
export type EventTone = 'trouble' | 'change' | 'act' | 'copy';

interface EventKind {
  label: string;
  tone: EventTone;
}

const kinds: Readonly<Record<string, EventKind>> = {
  'server-restarted': { label: 'Restart', tone: 'trouble' },
  'connection-lost': { label: 'Connection lost', tone: 'trouble' },
  'connection-back': { label: 'Connection back', tone: 'trouble' },
  'role-changed': { label: 'Failover', tone: 'trouble' },
  'lock-jam': { label: 'Lock jam', tone: 'trouble' },
  'backup-job-failed': { label: 'Backup job failed', tone: 'trouble' },
  deploy: { label: 'Deploy', tone: 'change' },
  migration: { label: 'Migration', tone: 'change' },
  'migration-command': { label: 'Migration tool', tone: 'change' },
  seeds: { label: 'Seeds', tone: 'change' },
  'settings-changed': { label: 'Settings', tone: 'change' },
  'settings-pending': { label: 'Settings', tone: 'change' },
  'index-created': { label: 'Index made', tone: 'change' },
  'index-dropped': { label: 'Index dropped', tone: 'change' },
  'index-rebuilt': { label: 'Index rebuilt', tone: 'change' },
  'table-created': { label: 'Table made', tone: 'change' },
  'table-dropped': { label: 'Table dropped', tone: 'change' },
  'statistics-reset': { label: 'Statistics reset', tone: 'change' },
  restore: { label: 'Restore', tone: 'change' },
  terminated: { label: 'Signal', tone: 'act' },
  cancelled: { label: 'Signal', tone: 'act' },
  maintenance: { label: 'Maintenance', tone: 'act' },
  retention: { label: 'Retention', tone: 'act' },
  act: { label: 'Act', tone: 'act' },
  backup: { label: 'Backup', tone: 'copy' },
  'backup-job': { label: 'Backup job', tone: 'copy' },
};

/** How an event is called and marked. A kind that is not known here is called by its own name. */
export function kindOf({ kind }: Pick<ServerEvent, 'kind'>): EventKind {
  const known = kinds[kind];
  if (known) return known;
  const words = kind.replaceAll('-', ' ');
  return {
    label: words.charAt(0).toUpperCase() + words.slice(1),
    tone: /fail|lost/.test(kind) ? 'trouble' : 'change',
  };
}

/** The events around an instant, nearest first to be read: within `reach` ms of it. */
export function eventsAround(events: readonly ServerEvent[], at: number, reach: number): ServerEvent[] {
  return events.filter((event) => Math.abs(event.at - at) <= reach);
}
