import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconBook2, IconKeyboard, IconSearch } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { ThemeMenu } from '../console/theme-menu.tsx';
import { useImporting } from './actions.tsx';
import styles from './context-bar.module.css';
import { EnvironmentContext } from './environment-context.tsx';
import { paletteKeys } from './help.tsx';
import { rooms } from './rooms.ts';
import { useLayers } from './use-layers.ts';
import { usePlace } from './use-place.ts';

/** The line above every screen: where one is, and the way to everything else. */
export function ContextBar() {
  const layers = useLayers();
  const [location] = useLocation();
  const { current, environment, room } = usePlace();
  const { open: importing } = useImporting();
  const home = importing ? 'Import connections' : 'All environments';
  const title = environment ? undefined : location.startsWith('/audit') ? 'Audit log' : home;
  const roomLabel = rooms.find(({ id }) => id === room)?.label ?? rooms[0].label;

  useEffect(() => {
    document.title = current ? `${current.name} · ${roomLabel} – Howdah` : `${title ?? 'Howdah'} – Howdah`;
  }, [current, roomLabel, title]);

  return (
    <header className={styles.bar}>
      {current ? <EnvironmentContext environment={current} /> : <h1 className={styles.title}>{title}</h1>}
      <div className={styles.tools}>
        <Button
          leftSection={<IconSearch size={14} />}
          rightSection={<kbd className={styles.keys}>{paletteKeys}</kbd>}
          className={styles.search ?? ''}
          onClick={() => layers.open('palette')}
        >
          <span className={styles.words}>Go to or do</span>
        </Button>
        <Tooltip label="Audit log">
          <ActionIcon
            component={Link}
            href="/audit"
            aria-label="Audit log"
            data-active={location === '/audit'}
          >
            <IconBook2 size={16} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
        <ThemeMenu />
        <Tooltip label="Keyboard shortcuts (?)">
          <ActionIcon aria-label="Keyboard shortcuts" onClick={() => layers.open('help')}>
            <IconKeyboard size={16} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  );
}
