import type { ReactNode } from 'react';
import type { Explanation as ExplanationData } from '../../preload/contract/common.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Explanation } from '../components/explanation.tsx';
import styles from './view.module.css';

/** What this role can't see here, above what it can. */
export function Limits({ limits }: { limits: readonly ExplanationData[] }) {
  if (limits.length === 0) return null;
  return (
    <div className={styles.limits}>
      {limits.map((limit) => (
        <Explanation key={limit.cause} explanation={limit} severity="notice" compact />
      ))}
    </div>
  );
}

/** A statement or another text to be copied. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    <div className={styles.code}>
      <pre dir="auto">{text}</pre>
      <CopyButton text={text} label={label} />
    </div>
  );
}

/** A heading with a table or a few words under it. */
export function Block({ title, line, children }: { title: string; line?: ReactNode; children?: ReactNode }) {
  return (
    <section className={styles.block}>
      <h2>{title}</h2>
      {line && <div className={styles.line}>{line}</div>}
      {children}
    </section>
  );
}

/** As tall as its rows, up to a dozen: several tables stand on one page. */
export const tableHeight = (rows: number): number => 28 * (Math.min(12, Math.max(1, rows)) + 1) + 10;
