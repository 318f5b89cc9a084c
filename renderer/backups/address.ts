import { roomAddress } from '../shell/address.ts';

export type BackupsView = 'list' | 'jobs' | 'engines' | 'swaps';

/** What is open beside the list: a new backup, or one of the catalogue by its id. */
export type Opened = { kind: 'new' } | { kind: 'backup'; id: string } | undefined;

export interface BackupsPlace {
  view: BackupsView;
  opened: Opened;
}

/** Address of one of the room's views, without the `#`; the list is what the room shows at first. */
export function viewAddress(environment: string, view: BackupsView): string {
  const room = roomAddress(environment, 'backups');
  return view === 'list' ? room : `${room}/${view}`;
}

/** Address of the list with something open beside it. It stands in the address, so that a reload shows the same. */
export function openedAddress(environment: string, opened: Opened): string {
  const room = roomAddress(environment, 'backups');
  if (!opened) return room;
  return opened.kind === 'new' ? `${room}/new` : `${room}/backup/${encodeURIComponent(opened.id)}`;
}

/** What an address of the room asks for; what it does not know is the list. */
export function readBackupsPlace(location: string): BackupsPlace {
  const [, rest = ''] = /^\/environments\/[^/]+\/backups(?:\/(.*))?$/.exec(location) ?? [];
  const [first, second] = rest.split('/');
  if (first === 'jobs' || first === 'engines' || first === 'swaps') return { view: first, opened: undefined };
  if (first === 'new') return { view: 'list', opened: { kind: 'new' } };
  if (first === 'backup' && second) return { view: 'list', opened: { kind: 'backup', id: second } };
  return { view: 'list', opened: undefined };
}
