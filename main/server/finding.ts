import type { Advice } from '../../preload/contract/advice.ts';
import type { CollationMismatch, Rates, ServerIdentity } from '../../preload/contract/server.ts';
import type { Replication } from '../../preload/contract/server-replication.ts';
import type { Settings } from '../../preload/contract/server-settings.ts';

/** What the findings are made of. */
export interface Seen {
  identity: ServerIdentity;
  settings: Settings;
  replication: Replication;
  collations: readonly CollationMismatch[];
  /** Of the last day. */
  rates: Pick<Rates, 'series' | 'stepMs'>;
  now: number;
}

/** What every finding of this room has in common. */
export const finding = (
  about: Pick<Advice, 'kind' | 'severity' | 'title' | 'evidence' | 'harm' | 'remedy'> & Partial<Advice>,
): Advice => ({
  id: about.object ? `${about.kind} ${about.object}` : about.kind,
  room: 'server',
  object: null,
  database: null,
  statement: null,
  bytes: null,
  estimated: false,
  source: null,
  ...about,
});
