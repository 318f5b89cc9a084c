import { IconPlugConnectedX } from '@tabler/icons-react';
import type { ActivitySample } from '../../preload/contract/activity.ts';
import type { EnvironmentStatus } from '../../preload/contract/environments.ts';
import { TimeAgo } from '../components/time-ago.tsx';
import styles from './activity.module.css';

/**
 * Whether a sample no longer tells what is: the server is out of reach, or came back and none has been taken
 * since. A view that a person paused is old by intent once the server is there.
 */
export function isStale(
  sample: Pick<ActivitySample, 'at'>,
  status: Pick<EnvironmentStatus, 'state' | 'since'>,
  paused: boolean,
): boolean {
  return status.state !== 'connected' || (!paused && sample.at < status.since);
}

/** Says of when the picture is while no sample comes. */
export function Stale({ since, connected }: { since: number; connected: boolean }) {
  return (
    <div className={styles.stale}>
      <IconPlugConnectedX size={16} aria-hidden />
      <span className={styles.bannerText}>
        <strong>
          As of <TimeAgo at={since} />.
        </strong>{' '}
        {connected
          ? 'Connected again; the next sample has not come yet.'
          : 'Not connected: what has happened since is unknown, and ages stand still.'}
      </span>
    </div>
  );
}
