import type { NodeKind } from '../../preload/contract/diagram/model/diagram.ts';
import type { Oid } from '../../preload/contract/schema-model.ts';
import type { OtherKind } from './inspector/details/others.ts';

/** One line of the outline. */
export type OutlineRow = {
  /** Stable over readings. */
  key: string;
  level: 1 | 2 | 3;
  label: string;
  /** Behind the label, small. */
  aside: string;
  /** For screen readers, in place of label and aside; put together when the row is drawn. */
  spoken: () => string;
  expanded: boolean | undefined;
  /** Place among its siblings, from 1, and how many there are. */
  position: number;
  siblings: number;
} & (
  | { kind: 'schema'; schema: string }
  | { kind: 'table'; oid: Oid; node: NodeKind; table: number | undefined; schema: string; name: string }
  | { kind: 'column' }
  /** Routines, sequences or types of a schema. */
  | { kind: 'group'; of: OtherKind; schema: string }
  | { kind: 'other'; oid: Oid; of: OtherKind; schema: string; name: string }
);
