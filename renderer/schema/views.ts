import { roomAddress } from '../shell/address.ts';

export type SchemaView = 'diagram' | 'compare';

/** Address of one of the room's views, without the `#`; the diagram is what the room shows at first. */
export function schemaAddress(environment: string, view: SchemaView): string {
  const room = roomAddress(environment, 'schema');
  return view === 'diagram' ? room : `${room}/${view}`;
}

/** What of the comparison is to be at hand at once: the snapshots to compare with, or the field that takes one. */
export type CompareStart = 'snapshots' | 'take';

/** Address of the comparison that opens with its snapshots. */
export function compareAddress(environment: string, start: CompareStart): string {
  return `${schemaAddress(environment, 'compare')}/${start}`;
}

const compared = /^\/environments\/[^/]+\/schema\/compare(?:\/([^/]*))?$/;

/** Which view an address asks for, and with what at hand. */
export function readView(location: string): { view: SchemaView; start: CompareStart | undefined } {
  const match = compared.exec(location);
  const start = match?.[1];
  return {
    view: match ? 'compare' : 'diagram',
    start: start === 'snapshots' || start === 'take' ? start : undefined,
  };
}
