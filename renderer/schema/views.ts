import { roomAddress } from '../shell/address.ts';

export type SchemaView = 'diagram' | 'compare';

/** Address of one of the room's views, without the `#`; the diagram is what the room shows at first. */
export function schemaAddress(environment: string, view: SchemaView): string {
  const room = roomAddress(environment, 'schema');
  return view === 'diagram' ? room : `${room}/${view}`;
}

/** Which view an address asks for. */
export function readView(location: string): SchemaView {
  return /^\/environments\/[^/]+\/schema\/compare(?:\/|$)/.test(location) ? 'compare' : 'diagram';
}
