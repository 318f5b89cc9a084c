import { Button } from '@mantine/core';
import { IconServerOff } from '@tabler/icons-react';
import { Suspense, useState } from 'react';
import { Link, Redirect } from 'wouter';
import type { Environment } from '../../preload/contract/environments.ts';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { Loading } from '../components/loading.tsx';
import { roomAddress } from './address.ts';
import { ConnectionBanner, ConnectionScreen } from './connection-screen.tsx';
import styles from './environment-page.module.css';
import { useEnvironments } from './environments-provider.tsx';
import { showsRoom } from './in-sight.ts';
import { type Room, rooms } from './rooms.ts';
import { ScreenGuard } from './screen-guard.tsx';

/** One environment: its rooms as tabs, and the one in sight. */
export function EnvironmentPage({ id, room: roomId }: { id: string; room: string | undefined }) {
  const { environments, problem } = useEnvironments();
  if (!environments) {
    return problem ? (
      <Explanation explanation={problem} />
    ) : (
      <Loading label="Loading the environment" rows={12} />
    );
  }
  const environment = environments.find((one) => one.id === id);
  if (!environment) return <Unknown />;
  const room = rooms.find((one) => one.id === roomId);
  if (!room) return <Redirect to={roomAddress(id, rooms[0].id)} replace />;
  return (
    <>
      <Tabs environment={environment} room={room} />
      <RoomBody key={environment.id} environment={environment} room={room} />
    </>
  );
}

function Tabs({ environment, room }: { environment: Environment; room: Room }) {
  return (
    <nav className={styles.tabs} aria-label="Rooms">
      {rooms.map(({ id, label, icon: Icon, preload }) => (
        <Link
          key={id}
          href={roomAddress(environment.id, id)}
          className={styles.tab}
          aria-current={id === room.id ? 'page' : undefined}
          onPointerEnter={preload}
          onFocus={preload}
        >
          <Icon size={14} stroke={1.75} />
          {label}
        </Link>
      ))}
    </nav>
  );
}

function RoomBody({ environment, room }: { environment: Environment; room: Room }) {
  const status = useEnvironments().statusOf(environment.id);
  const { Screen } = room;
  const [past, setPast] = useState(false);
  if (!showsRoom(room, environment, status, past)) {
    return (
      <ConnectionScreen
        environment={environment}
        status={status}
        onPast={room.worksOffline ? () => setPast(true) : undefined}
      />
    );
  }
  return (
    <>
      {status.state !== 'connected' && <ConnectionBanner environment={environment} status={status} />}
      <div className={styles.room}>
        <ScreenGuard key={room.id}>
          <Suspense fallback={<Loading label={`Loading ${room.label}`} rows={12} />}>
            <Screen environment={environment} status={status} />
          </Suspense>
        </ScreenGuard>
      </div>
    </>
  );
}

function Unknown() {
  return (
    <Empty
      icon={IconServerOff}
      title="This environment is not in the list"
      actions={
        <Button component={Link} href="/">
          All environments
        </Button>
      }
    >
      It was removed, or the address is from another console.
    </Empty>
  );
}
