import type { Environment } from '../../../preload/contract/environments.ts';
import { ProtectionBadge } from '../../components/protection-badge.tsx';
import { Swatch } from '../../components/swatch.tsx';
import styles from './run.module.css';

/** Where something runs, and by what. */
export function Where({ environment, by }: { environment: Environment; by: string }) {
  return (
    <p className={styles.where}>
      <span className={styles.whereName}>
        <Swatch color={environment.color} />
        <bdi>{environment.name}</bdi>
      </span>
      <ProtectionBadge protection={environment.protection} />
      <span className={styles.soft}>{by}</span>
    </p>
  );
}
