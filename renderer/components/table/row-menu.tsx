import { Menu } from '@mantine/core';
import { IconClipboardText, IconCopy, IconTable } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import styles from './table.module.css';

/** Something that can be done with rows, as the screen offers it. */
export interface RowAction {
  id: string;
  label: string;
  icon?: ComponentType<{ size?: number | string }>;
  run: () => void;
  /** Drawn as something that destroys. */
  destroys?: boolean;
  /** Why it can't be done now; it is then shown but refused. */
  refused?: string | undefined;
}

export interface MenuPlace {
  x: number;
  y: number;
}

interface RowMenuProps {
  place: MenuPlace;
  onClose: () => void;
  actions: readonly RowAction[];
  /** What the cell under the pointer holds, in short. */
  cell: string | null;
  rows: number;
  onCopyCell: () => void;
  onCopyRows: (header: boolean) => void;
}

/** The menu at the pointer: what can be done with the rows, then copying. */
export function RowMenu({ place, onClose, actions, cell, rows, onCopyCell, onCopyRows }: RowMenuProps) {
  const refused = actions.find((action) => action.refused !== undefined)?.refused;
  const what = rows === 1 ? 'row' : `${rows} rows`;
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      shadow="md"
      offset={0}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          aria-label="Row menu"
          className={styles.pointer}
          style={{ left: place.x, top: place.y }}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {refused && <Menu.Label className={styles.why ?? ''}>{refused}</Menu.Label>}
        {actions.map((action) => (
          <Menu.Item
            key={action.id}
            onClick={action.run}
            disabled={action.refused !== undefined}
            title={action.refused}
            {...(action.destroys ? { color: 'red' } : {})}
            leftSection={action.icon ? <action.icon size={14} /> : undefined}
          >
            {action.label}
          </Menu.Item>
        ))}
        {actions.length > 0 && <Menu.Divider />}
        {cell !== null && (
          <Menu.Item leftSection={<IconCopy size={14} />} onClick={onCopyCell}>
            Copy cell
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconClipboardText size={14} />} onClick={() => onCopyRows(false)}>
          Copy {what}
        </Menu.Item>
        <Menu.Item leftSection={<IconTable size={14} />} onClick={() => onCopyRows(true)}>
          Copy {what} with headings
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
