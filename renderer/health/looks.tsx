import { IconAlertTriangle, IconCheck, IconCircleDashed, IconLoader2 } from '@tabler/icons-react';
import type { RoomLook } from '../../preload/contract/health.ts';
import { roomWords } from '../../preload/contract/health-words.ts';
import { duration } from '../components/format.ts';
import { Progress } from '../components/progress.tsx';
import styles from './health.module.css';

const icons = {
  waiting: IconCircleDashed,
  looking: IconLoader2,
  done: IconCheck,
  failed: IconAlertTriangle,
} as const;

const words = {
  waiting: 'waits',
  looking: 'is looked at',
  done: 'done',
  failed: 'could not be looked at',
} as const;

/** How far a report is, room by room. */
export function Looks({ looks = [] }: { looks: readonly RoomLook[] | undefined }) {
  const done = looks.filter(({ state }) => state === 'done' || state === 'failed').length;
  return (
    <div className={styles.looks}>
      <Progress done={done} total={looks.length} label="Health report" />
      <ul aria-label="Rooms">
        {looks.map(({ room, state, tookMs }) => {
          const Icon = icons[state];
          return (
            <li
              key={room}
              data-state={state}
              title={`${roomWords[room].title} ${words[state]}${tookMs === null ? '' : `, ${duration(tookMs)}`}`}
            >
              <Icon size={14} aria-hidden className={state === 'looking' ? styles.turning : undefined} />
              {roomWords[room].title}
              <span className="visually-hidden">{words[state]}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
