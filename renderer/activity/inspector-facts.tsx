import type { ReactNode } from 'react';
import type { Backend, BackendDetail } from '../../preload/contract/activity.ts';
import { dateTime, timeOfDay } from '../components/format.ts';
import { Age } from './age.tsx';
import { runningSince } from './columns.tsx';
import styles from './inspector.module.css';

/** Times and origin of a backend, two columns of names and values. What the server does not tell is a dash. */
export function Facts({ backend, detail }: { backend: Backend; detail: BackendDetail | undefined }) {
  const wait = backend.waitType === null ? null : `${backend.waitType}: ${backend.wait ?? ''}`;
  return (
    <>
      <section className={styles.section}>
        <h3 className={styles.heading}>Times</h3>
        <dl className={styles.facts}>
          <Time name="Statement runs for" since={runningSince(backend)} />
          <Time name="Transaction open for" since={backend.transactionAt} />
          <Time name="In this state for" since={backend.stateAt} />
          <Time name="Waits on lock for" since={backend.waitingSince} />
          <Time name="Connected for" since={backend.connectedAt} />
        </dl>
      </section>
      <section className={styles.section}>
        <h3 className={styles.heading}>Session</h3>
        <dl className={styles.facts}>
          <Fact name="User">{backend.user}</Fact>
          <Fact name="Database">{backend.database}</Fact>
          <Fact name="Application">{backend.application || null}</Fact>
          <Fact name="Client">{backend.client}</Fact>
          <Fact name="TLS">{detail ? (detail.ssl ?? 'not encrypted') : null}</Fact>
          <Fact name="Wait event">{wait}</Fact>
          <Fact name="Type">{backend.type}</Fact>
          {backend.leaderPid !== null && <Fact name="Parallel leader">{backend.leaderPid}</Fact>}
          {backend.queryId !== null && <Fact name="Query id">{backend.queryId}</Fact>}
        </dl>
      </section>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">{children ?? <span className={styles.soft}>–</span>}</dd>
    </>
  );
}

function Time({ name, since }: { name: string; since: number | null }) {
  if (since === null) return null;
  return (
    <Fact name={name}>
      <Age since={since} long />{' '}
      <span className={styles.soft}>since {isToday(since) ? timeOfDay(since) : dateTime(since)}</span>
    </Fact>
  );
}

function isToday(at: number): boolean {
  return new Date(at).toDateString() === new Date().toDateString();
}
