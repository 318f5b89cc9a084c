import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import type { DataColumn } from './columns.ts';

interface ColumnsMenuProps<T> {
  columns: readonly DataColumn<T>[];
  isVisible: (id: string) => boolean;
  onToggle: (id: string) => void;
  onReset: () => void;
}

/** Shows and hides columns, and gives back the widths and columns there were at first. */
export function ColumnsMenu<T>({ columns, isVisible, onToggle, onReset }: ColumnsMenuProps<T>) {
  return (
    <Menu position="top-end" closeOnItemClick={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Tooltip label="Columns">
          <ActionIcon size={20} aria-label="Columns">
            <IconColumns3 size={14} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {columns.map((column) => (
          <Menu.CheckboxItem
            key={column.id}
            checked={isVisible(column.id)}
            disabled={column.always ?? false}
            onChange={() => onToggle(column.id)}
          >
            {column.header}
          </Menu.CheckboxItem>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={onReset}>Reset columns and widths</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
