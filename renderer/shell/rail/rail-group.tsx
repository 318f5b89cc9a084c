import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { Environment, EnvironmentStatus, Finding } from '../../../preload/contract/environments.ts';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import { urgency, worstFinding } from '../../environments/findings.ts';
import type { EnvironmentGroup } from '../../environments/groups.ts';
import type { MenuAt } from '../environment-menu.tsx';
import styles from './rail.module.css';
import { RailItem } from './rail-item.tsx';

interface RailGroupProps {
  group: EnvironmentGroup;
  /** Whether the group has a heading. */
  named: boolean;
  collapsed: boolean;
  currentId: string | undefined;
  room: string | undefined;
  statusOf: (id: string) => EnvironmentStatus;
  dragged: string | undefined;
  onDrag: (id: string | undefined) => void;
  onDrop: (id: string, target: string, side: 'before' | 'after') => void;
  onMove: (id: string, by: -1 | 1) => void;
  onMenu: (environment: Environment, at: MenuAt) => void;
}

/** A group of the rail; its heading folds it and then wears the worst finding of its members. */
export function RailGroup(props: RailGroupProps) {
  const { group, named, collapsed, currentId, statusOf } = props;
  const [folded, setFolded] = useState(false);
  const title = group.name || 'No group';
  const shown =
    folded && named ? group.environments.filter(({ id }) => id === currentId) : group.environments;
  return (
    <section className={styles.group} aria-label={named ? title : undefined}>
      {named && (
        <button
          type="button"
          className={styles.heading}
          aria-expanded={!folded}
          title={`${title} (${group.environments.length})`}
          onClick={() => setFolded(!folded)}
        >
          {folded ? <IconChevronRight size={12} aria-hidden /> : <IconChevronDown size={12} aria-hidden />}
          {!collapsed && (
            <span className={styles.headingText} dir="auto">
              {title}
            </span>
          )}
          {folded && <GroupState group={group} statusOf={statusOf} />}
          {folded && !collapsed && <span className={styles.number}>{group.environments.length}</span>}
        </button>
      )}
      <ul className={styles.items}>
        {shown.map((environment) => (
          <RailItem
            key={environment.id}
            environment={environment}
            status={statusOf(environment.id)}
            current={environment.id === currentId}
            {...props}
          />
        ))}
      </ul>
    </section>
  );
}

function GroupState({ group, statusOf }: Pick<RailGroupProps, 'group' | 'statusOf'>) {
  const worst = group.environments
    .map(({ id }) => statusOf(id))
    .reduce<{ finding: Finding | undefined; urgency: number }>(
      (before, status) =>
        urgency(status) > before.urgency
          ? { finding: worstFinding(status), urgency: urgency(status) }
          : before,
      { finding: undefined, urgency: 0 },
    ).finding;
  return worst ? <SeverityIcon severity={worst.severity} size={12} /> : null;
}
