import type { ReactNode } from 'react';
import type { EnvironmentStatus } from '../../preload/contract/environments.ts';
import { age, count, dateTime, percent } from '../components/format.ts';
import { TimeAgo } from '../components/time-ago.tsx';
import styles from './facts.module.css';

interface FactsProps {
  status: EnvironmentStatus;
  /** Share of blocks found in shared buffers over the whole server, newest; null when not known. */
  hitRatio: number | null;
}

/** What one wants to know of a server before anything else, in one line. */
export function Facts({ status, hitRatio }: FactsProps) {
  const { server, glance, state } = status;
  const isConnected = state === 'connected';
  // A person who disconnected wants no old figures; those of a connection that is gone are marked with their age.
  const shown = state === 'disconnected' ? undefined : glance;
  const atLeast = glance && glance.hidden > 0;
  return (
    <dl className={styles.facts}>
      <Fact name="PostgreSQL">{server?.version}</Fact>
      <Fact name="Up for" hint={server && `Since ${dateTime(server.startedAt)}`}>
        {server && isConnected && <TimeAgo at={server.startedAt} as="age" />}
      </Fact>
      <Fact name="Role">{server && (server.role === 'primary' ? 'Primary' : 'Standby')}</Fact>
      <Fact name="TLS">{server && (server.encrypted ? 'On' : 'Off')}</Fact>
      <Fact
        name="Sessions"
        hint={
          server && `${server.reservedConnections} of the ${server.maxConnections} connections are reserved`
        }
      >
        {shown && (
          <>
            {count(shown.sessions)}
            {server && <span className={styles.of}> of {count(server.maxConnections)}</span>}
            {!isConnected && (
              <span className={styles.of}>
                {' '}
                as of <TimeAgo at={shown.at} />
              </span>
            )}
          </>
        )}
      </Fact>
      <Fact name="Oldest transaction" hint={atLeast ? 'Among the sessions this role may see' : undefined}>
        {glance &&
          isConnected &&
          (glance.oldestTransactionMs === null
            ? 'None open'
            : `${atLeast ? '≥ ' : ''}${age(glance.oldestTransactionMs)}`)}
      </Fact>
      <Fact name="Cache hits" hint="Blocks found in shared buffers, whole server, newest measurement">
        {hitRatio !== null && percent(hitRatio)}
      </Fact>
    </dl>
  );
}

function Fact({ name, hint, children }: { name: string; hint?: string | undefined; children: ReactNode }) {
  const known = children !== undefined && children !== null && children !== false;
  return (
    <div className={styles.fact} title={hint}>
      <dt>{name}</dt>
      <dd>{known ? children : <span className={styles.of}>–</span>}</dd>
    </div>
  );
}
