import { Button } from '@mantine/core';
import { Link } from 'wouter';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { MigrationStatus } from '../../../preload/contract/migrations.ts';
import { Explanation } from '../../components/explanation.tsx';
import { Inspector } from '../../components/inspector.tsx';
import { migrationsAddress } from '../address.ts';
import styles from '../inspector.module.css';
import { worstFirst } from '../words.ts';

interface ProblemInspectorProps {
  environment: Environment | undefined;
  status: MigrationStatus | undefined;
  onClose: () => void;
}

/** Why an environment's column is empty or incomplete. */
export function ProblemInspector({ environment, status, onClose }: ProblemInspectorProps) {
  if (!environment || !status) return null;
  return (
    <Inspector
      title={environment.name}
      onClose={onClose}
      footer={
        <Button component={Link} href={migrationsAddress(environment.id, 'status')}>
          Show its status
        </Button>
      }
    >
      <div className={styles.sections}>
        {status.problem && <Explanation explanation={status.problem} />}
        {status.tracks.flatMap(({ key, problems }) =>
          worstFirst(problems).map(({ severity, ...problem }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same problem may be told twice.
            <Explanation key={`${key} ${at}`} explanation={problem} severity={severity} />
          )),
        )}
        {!status.problem && status.tracks.every(({ problems }) => problems.length === 0) && (
          <p>Nothing is wrong with it any more.</p>
        )}
      </div>
    </Inspector>
  );
}
