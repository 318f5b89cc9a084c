import { Button } from '@mantine/core';
import { IconDatabase, IconDots, IconServer, IconUser } from '@tabler/icons-react';
import { useState } from 'react';
import { addressText } from '../../preload/contract/connection-url.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { dateTime } from '../components/format.ts';
import { ProtectionBadge } from '../components/protection-badge.tsx';
import { StateDot } from '../components/state-dot.tsx';
import { placeWords } from '../environments/way-words.ts';
import { environmentStyle } from '../theme/colors.ts';
import styles from './environment-context.module.css';
import { EnvironmentMenu, type MenuAt, menuAtElement } from './environment-menu.tsx';
import { useEnvironments } from './environments-provider.tsx';

/** Which environment this is: name in its colour, protection, state, server version and role, database and user. */
export function EnvironmentContext({ environment }: { environment: Environment }) {
  const status = useEnvironments().statusOf(environment.id);
  const [menu, setMenu] = useState<MenuAt>();
  const { server, state, host } = status;
  const { connection } = environment;
  return (
    <div className={styles.context}>
      <h1
        className={styles.name}
        style={environmentStyle(environment.color)}
        title={environment.name}
        dir="auto"
      >
        {environment.name}
      </h1>
      <ProtectionBadge protection={environment.protection} />
      <StateDot state={state} />
      {server && (
        <span
          className={styles.server}
          title={`PostgreSQL ${server.version}, started ${dateTime(server.startedAt)}, ${server.encrypted ? 'encrypted connection' : 'connection not encrypted'}`}
        >
          PostgreSQL {server.version}
          <span className={styles.role} data-role={server.role}>
            {server.role}
          </span>
        </span>
      )}
      {host && (
        <span
          className={`${styles.fact} ${styles.host}`}
          title={`Connected to ${host}, one of ${addressText(connection)}`}
        >
          <IconServer size={14} stroke={1.75} aria-label="Server" />
          <bdi className={styles.cut}>{host}</bdi>
        </span>
      )}
      <span className={styles.fact} title={placeWords(connection)}>
        <IconDatabase size={14} stroke={1.75} aria-label="Database" />
        <bdi className={styles.cut}>{server?.database ?? connection.database}</bdi>
      </span>
      <span className={styles.fact} title={server?.superuser ? `${server.user}, a superuser` : undefined}>
        <IconUser size={14} stroke={1.75} aria-label="User" />
        <bdi className={styles.cut}>{server?.user ?? connection.user}</bdi>
        {server?.superuser && <span className={styles.superuser}>superuser</span>}
      </span>
      <span className={styles.acts}>
        <Button
          aria-label={`Actions on ${environment.name}`}
          aria-haspopup="menu"
          className={styles.dots ?? ''}
          onClick={(event) => setMenu(menuAtElement(event.currentTarget))}
        >
          <IconDots size={16} />
        </Button>
      </span>
      <EnvironmentMenu environment={environment} at={menu} onClose={() => setMenu(undefined)} />
    </div>
  );
}
