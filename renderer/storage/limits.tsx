import type { Explanation as ExplanationData } from '../../preload/contract/common.ts';
import { Explanation } from '../components/explanation.tsx';
import styles from './parts.module.css';

/** What could not be seen or had, above what could. */
export function Limits({ limits }: { limits: readonly ExplanationData[] }) {
  if (limits.length === 0) return null;
  return (
    <div className={styles.limits}>
      {limits.map((limit) => (
        <Explanation key={`${limit.cause} ${limit.what}`} explanation={limit} severity="notice" compact />
      ))}
    </div>
  );
}
