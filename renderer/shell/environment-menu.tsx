import { Menu } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconPencil,
  IconPlugConnected,
  IconPlugConnectedX,
  IconTrash,
} from '@tabler/icons-react';
import type { MouseEvent } from 'react';
import type { Environment } from '../../preload/contract/environments.ts';
import { useActions } from './actions.tsx';
import styles from './environment-menu.module.css';
import { useEnvironments } from './environments-provider.tsx';

/** Where a menu opens, in px of the window. */
export interface MenuAt {
  x: number;
  y: number;
}

/** Below an element, for a button. */
export function menuAtElement(element: Element): MenuAt {
  const { left, bottom } = element.getBoundingClientRect();
  return { x: left, y: bottom + 2 };
}

/** At the pointer, or below the element when the keyboard asked. */
export function menuAtEvent(event: MouseEvent<Element>): MenuAt {
  event.preventDefault();
  return event.button === 2 ? { x: event.clientX, y: event.clientY } : menuAtElement(event.currentTarget);
}

interface EnvironmentMenuProps {
  environment: Environment;
  /** Undefined keeps it closed. */
  at: MenuAt | undefined;
  onClose: () => void;
  /** Given where the order can be changed. */
  onMove?: ((by: -1 | 1) => void) | undefined;
}

/** What can be done with an environment. */
export function EnvironmentMenu({ environment, at, onClose, onMove }: EnvironmentMenuProps) {
  const actions = useActions();
  const { state } = useEnvironments().statusOf(environment.id);
  if (!at) return null;
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      offset={0}
      width={220}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          aria-label={`Actions on ${environment.name}`}
          className={styles.anchor}
          style={{ left: at.x, top: at.y }}
        />
      </Menu.Target>
      <Menu.Dropdown aria-label={`Actions on ${environment.name}`}>
        {state === 'disconnected' ? (
          <Menu.Item
            leftSection={<IconPlugConnected size={14} />}
            onClick={() => actions.connect(environment)}
          >
            Connect
          </Menu.Item>
        ) : (
          <Menu.Item
            leftSection={<IconPlugConnectedX size={14} />}
            onClick={() => actions.disconnect(environment)}
          >
            Disconnect
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => actions.edit(environment)}>
          Edit
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => actions.duplicate(environment)}>
          Duplicate
        </Menu.Item>
        {onMove && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconArrowUp size={14} />}
              rightSection={<kbd>Alt ↑</kbd>}
              onClick={() => onMove(-1)}
            >
              Move up
            </Menu.Item>
            <Menu.Item
              leftSection={<IconArrowDown size={14} />}
              rightSection={<kbd>Alt ↓</kbd>}
              onClick={() => onMove(1)}
            >
              Move down
            </Menu.Item>
          </>
        )}
        <Menu.Divider />
        <Menu.Item
          className={styles.remove ?? ''}
          leftSection={<IconTrash size={14} />}
          onClick={() => actions.remove(environment)}
        >
          Remove from Howdah…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
