import { ActionIcon, Tooltip } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Environment } from '../../../preload/contract/environments.ts';
import { Loading } from '../../components/loading.tsx';
import { usePreferences } from '../../console/use-preferences.ts';
import { byGroup } from '../../environments/groups.ts';
import { useActions } from '../actions.tsx';
import { EnvironmentMenu, type MenuAt } from '../environment-menu.tsx';
import { useEnvironments } from '../environments-provider.tsx';
import { usePlace } from '../use-place.ts';
import { Mark } from './mark.tsx';
import styles from './rail.module.css';
import { RailGroup } from './rail-group.tsx';
import { useOrder } from './use-order.ts';

const none: readonly Environment[] = [];

/** All environments in their groups, always in sight. */
export function Rail() {
  const { environments, statusOf } = useEnvironments();
  const { preferences, save } = usePreferences();
  const { add } = useActions();
  const { ordered, move, drop } = useOrder(environments ?? none);
  const { current, room } = usePlace();
  const [location] = useLocation();
  const [menu, setMenu] = useState<{ environment: Environment; at: MenuAt }>();
  const [dragged, setDragged] = useState<string>();
  const collapsed = preferences?.railCollapsed ?? false;
  const groups = byGroup(ordered);

  return (
    <nav
      className={styles.rail}
      data-collapsed={collapsed}
      aria-label="Environments"
      onKeyDown={(event) => walk(event)}
    >
      <div className={styles.head}>
        <Link
          href="/"
          className={styles.home}
          aria-current={location === '/' ? 'page' : undefined}
          title="Home (g h)"
        >
          <Mark />
          <span className={collapsed ? 'visually-hidden' : undefined}>Howdah</span>
        </Link>
        <Tooltip label="Add an environment" position="right">
          <ActionIcon aria-label="Add an environment" onClick={() => add()}>
            <IconPlus size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={styles.list}>
        {!environments && <Loading label="Loading environments" rows={4} />}
        {environments?.length === 0 && !collapsed && <p className={styles.nothing}>No environment yet</p>}
        {groups.map((group) => (
          <RailGroup
            key={group.name}
            group={group}
            named={groups.length > 1 || group.name !== ''}
            collapsed={collapsed}
            currentId={current?.id}
            room={room}
            statusOf={statusOf}
            dragged={dragged}
            onDrag={setDragged}
            onDrop={drop}
            onMove={move}
            onMenu={(environment, at) => setMenu({ environment, at })}
          />
        ))}
      </div>
      <ActionIcon
        className={styles.fold ?? ''}
        aria-label={collapsed ? 'Widen the list of environments' : 'Narrow the list of environments'}
        aria-expanded={!collapsed}
        onClick={() => save({ railCollapsed: !collapsed })}
      >
        {collapsed ? <IconLayoutSidebarLeftExpand size={16} /> : <IconLayoutSidebarLeftCollapse size={16} />}
      </ActionIcon>
      {menu && (
        <EnvironmentMenu
          environment={menu.environment}
          at={menu.at}
          onMove={(by) => move(menu.environment.id, by)}
          onClose={() => setMenu(undefined)}
        />
      )}
    </nav>
  );
}

/** Arrow keys walk the environments; Tab goes through them as well, for they are links. */
function walk(event: React.KeyboardEvent<HTMLElement>): void {
  if (event.altKey || !['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(event.key)) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-walk]')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return;
  event.preventDefault();
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key] ?? at;
  links[Math.max(0, Math.min(links.length - 1, to))]?.focus();
}
