import { useMemo } from 'react';
import type { EnvironmentStatus } from '../../preload/contract/environments.ts';
import { TimeAgo } from '../components/time-ago.tsx';
import { client } from '../lib/client.ts';
import { useServer } from './use-server.ts';
import styles from './view.module.css';

const clouds = { rds: 'Amazon RDS', 'cloud-sql': 'Google Cloud SQL', azure: 'Azure' } as const;
const day = 86_400_000;

/** What the server is, in one line. */
export function Identity({ status }: { status: EnvironmentStatus }) {
  const { data } = useServer(status, ['identity'], (options) =>
    client.server.identity({ environment: status.environment }, options),
  );
  const left = useMemo(
    () => (data?.supportEnds ? Math.floor((Date.parse(data.supportEnds) - data.serverNow) / day) : null),
    [data],
  );
  if (!data) return null;
  return (
    <div className={styles.facts}>
      <span>
        <b>{data.version.split(' ')[0]}</b>
        {data.supportEnds && left !== null && (
          <>
            {', '}
            {left < 0 ? <b>unsupported since {data.supportEnds}</b> : `supported until ${data.supportEnds}`}
          </>
        )}
      </span>
      <span>{data.role}</span>
      <span>
        started <TimeAgo at={data.startedAt} />
      </span>
      <span>
        files read <TimeAgo at={data.configLoadedAt} />
      </span>
      <span>
        checksums <b>{data.checksums ? 'on' : 'off'}</b>
      </span>
      <span>
        wal_level <b>{data.walLevel}</b>
      </span>
      <span>
        {data.encoding}, {data.collation}, {data.timezone}
      </span>
      {data.managed && <span>{clouds[data.managed]}</span>}
    </div>
  );
}
