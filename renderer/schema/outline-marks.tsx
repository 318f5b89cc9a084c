import {
  IconBraces,
  IconChevronDown,
  IconChevronRight,
  IconEye,
  IconEyeOff,
  IconLayersIntersect,
  IconListDetails,
  IconListNumbers,
  IconMathFunction,
  IconTable,
  IconTableAlias,
  IconTableShortcut,
} from '@tabler/icons-react';
import type { NodeKind } from '../../preload/contract/diagram/model/diagram.ts';
import type { OtherKind } from './inspector/details/others.ts';
import styles from './outline.module.css';
import type { OutlineRow } from './outline-row.ts';

export function Twist({ row, onToggle }: { row: OutlineRow; onToggle: () => void }) {
  if (row.expanded === undefined) return <span className={styles.twist} />;
  const Icon = row.expanded ? IconChevronDown : IconChevronRight;
  return (
    <span
      className={styles.twist}
      aria-hidden
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      <Icon size={12} />
    </span>
  );
}

export function SchemaEye({
  schema,
  hidden,
  onToggle,
}: {
  schema: string;
  hidden: boolean;
  onToggle: () => void;
}) {
  const Icon = hidden ? IconEyeOff : IconEye;
  return (
    <span
      className={styles.eye}
      aria-hidden
      title={hidden ? `Draw ${schema}` : `Leave ${schema} out of the diagram`}
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      <Icon size={13} />
    </span>
  );
}

const icons: Record<NodeKind | OtherKind, typeof IconTable> = {
  table: IconTable,
  partitioned: IconLayersIntersect,
  view: IconTableAlias,
  'materialized-view': IconTableAlias,
  'foreign-table': IconTableShortcut,
  enum: IconListDetails,
  routine: IconMathFunction,
  sequence: IconListNumbers,
  type: IconBraces,
};

export function KindIcon({ kind }: { kind: NodeKind | OtherKind }) {
  const Icon = icons[kind];
  return <Icon size={13} stroke={1.5} className={styles.kind} aria-hidden />;
}
