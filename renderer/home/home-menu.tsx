import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconFileExport, IconKey } from '@tabler/icons-react';
import { useActions } from '../shell/actions.tsx';

/** What is seldom done with the environments as a whole. */
export function HomeMenu() {
  const { exportAll, keychain } = useActions();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon aria-label="More about the environments" title="Export, keychain">
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFileExport size={14} />} onClick={exportAll}>
          Export environments…
        </Menu.Item>
        <Menu.Item leftSection={<IconKey size={14} />} onClick={keychain}>
          Keychain…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
