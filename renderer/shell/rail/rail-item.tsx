import { type DragEvent, useState } from 'react';
import { Link } from 'wouter';
import type { Environment, EnvironmentStatus } from '../../../preload/contract/environments.ts';
import { ProtectionIcon } from '../../components/protection-badge.tsx';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import { connectionWord, StateDot } from '../../components/state-dot.tsx';
import { worstFinding } from '../../environments/findings.ts';
import { environmentStyle } from '../../theme/colors.ts';
import { roomAddress } from '../address.ts';
import { type MenuAt, menuAtEvent } from '../environment-menu.tsx';
import styles from './rail.module.css';

interface RailItemProps {
  environment: Environment;
  status: EnvironmentStatus;
  current: boolean;
  collapsed: boolean;
  /** The room in sight: another environment opens in the same one. */
  room: string | undefined;
  dragged: string | undefined;
  onDrag: (id: string | undefined) => void;
  onDrop: (id: string, target: string, side: 'before' | 'after') => void;
  onMove: (id: string, by: -1 | 1) => void;
  onMenu: (environment: Environment, at: MenuAt) => void;
}

/** One environment: colour, state, name, protection, and below it the one thing to know first. */
export function RailItem(props: RailItemProps) {
  const { environment, status, current, collapsed, room, dragged, onDrag, onDrop, onMove, onMenu } = props;
  const [side, setSide] = useState<'before' | 'after'>();
  const finding = worstFinding(status);
  const words = `${environment.name}: ${connectionWord(status.state)}${finding ? `. ${finding.text}` : ''}`;

  const over = (event: DragEvent<HTMLElement>): void => {
    if (!dragged || dragged === environment.id) return;
    event.preventDefault();
    const { top, height } = event.currentTarget.getBoundingClientRect();
    setSide(event.clientY < top + height / 2 ? 'before' : 'after');
  };
  return (
    <li
      className={styles.item}
      style={environmentStyle(environment.color)}
      data-current={current}
      data-side={side}
      data-dragged={dragged === environment.id}
      onDragOver={over}
      onDragLeave={() => setSide(undefined)}
      onDrop={(event) => {
        event.preventDefault();
        if (dragged && side) onDrop(dragged, environment.id, side);
        setSide(undefined);
      }}
    >
      <Link
        href={roomAddress(environment.id, room)}
        className={styles.link}
        data-walk
        draggable
        title={collapsed || finding ? words : undefined}
        aria-current={current ? 'page' : undefined}
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = 'move';
          event.dataTransfer.setData('text/plain', environment.name);
          onDrag(environment.id);
        }}
        onDragEnd={() => onDrag(undefined)}
        onContextMenu={(event) => onMenu(environment, menuAtEvent(event))}
        onKeyDown={(event) => {
          if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
          event.preventDefault();
          onMove(environment.id, event.key === 'ArrowUp' ? -1 : 1);
        }}
      >
        <span className={styles.color} aria-hidden />
        <span className={styles.lines}>
          <span className={styles.line}>
            <span className={styles.name} dir="auto">
              {collapsed ? initials(environment.name) : environment.name}
            </span>
            {!collapsed && <ProtectionIcon protection={environment.protection} />}
            <StateDot state={status.state} />
          </span>
          {finding && !collapsed && (
            <span className={styles.finding} data-severity={finding.severity}>
              <SeverityIcon severity={finding.severity} size={12} />
              <span className={styles.findingText}>{finding.text}</span>
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}

/** Two characters that stand for a name where there is no room for more. */
function initials(name: string): string {
  const words = name.split(/[\s\-_.·/]+/u).filter(Boolean);
  const [first = '?', second] = words;
  const letters = second ? [[...first][0], [...second][0]] : [...first].slice(0, 2);
  return letters.join('');
}
