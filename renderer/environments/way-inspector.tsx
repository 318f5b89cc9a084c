import { Button } from '@mantine/core';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import { Inspector } from '../components/inspector.tsx';
import { useActions } from '../shell/actions.tsx';
import { CompanionOutput } from './companion-output.tsx';
import { WayFacts } from './way-facts.tsx';
import styles from './way-inspector.module.css';

interface WayInspectorProps {
  environment: Environment;
  status: EnvironmentStatus;
  onClose: () => void;
}

/** What stands between this machine and an environment's server: companion, tunnel, hosts; and what the companion prints. */
export default function WayInspector({ environment, status, onClose }: WayInspectorProps) {
  const { edit, connect, disconnect } = useActions();
  const hasCompanion = environment.connection.companion !== undefined || status.companion !== undefined;
  return (
    <Inspector
      title={`Way to ${environment.name}`}
      onClose={onClose}
      footer={
        <>
          <Button
            onClick={() => {
              onClose();
              edit(environment);
            }}
          >
            Edit the environment
          </Button>
          <span className={styles.space} />
          {status.state === 'disconnected' ? (
            <Button variant="filled" onClick={() => connect(environment)}>
              Connect
            </Button>
          ) : (
            <Button onClick={() => disconnect(environment)}>Disconnect</Button>
          )}
        </>
      }
    >
      <div className={styles.way}>
        <WayFacts environment={environment} status={status} />
        {hasCompanion && (
          <div className={styles.output}>
            <CompanionOutput environment={environment.id} />
          </div>
        )}
      </div>
    </Inspector>
  );
}
