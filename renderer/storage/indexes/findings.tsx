import type { Advice } from '../../../preload/contract/advice.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { bytes, plural } from '../../components/format.ts';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import { visible } from '../../migrations/words.ts';
import styles from '../parts.module.css';

const groups: Record<string, string> = {
  'index-invalid': 'Not valid',
  'index-duplicate': 'The same index twice',
  'index-redundant': 'The beginning of another index',
  'index-unused': 'Unused',
  'index-incomplete': 'Incomplete on a partitioned table',
  'foreign-key-unindexed': 'Foreign keys without an index',
};

/** What is wrong, by kind, with what shows it and what mends it. Nothing is run from here. */
export function Findings({ findings }: { findings: readonly Advice[] }) {
  const byKind = Map.groupBy(findings, ({ kind }) => kind);
  return (
    <div className={styles.findings}>
      {[...byKind].map(([kind, all]) => {
        const freed = all.reduce((sum, one) => sum + Number(one.bytes ?? 0), 0);
        return (
          <section key={kind} className={styles.group}>
            <h3>
              {groups[kind] ?? kind}
              <span className={styles.soft}>
                {plural(all.length, 'finding')}
                {freed > 0 && `, ${bytes(freed)} could be freed`}
              </span>
            </h3>
            {all.map((one) => (
              <FindingOf key={one.id} finding={one} />
            ))}
          </section>
        );
      })}
    </div>
  );
}

function FindingOf({ finding }: { finding: Advice }) {
  const { severity, title, evidence, harm, remedy, statement, bytes: size, source } = finding;
  return (
    <details className={styles.finding} open>
      <summary>
        <SeverityIcon severity={severity} />
        <b>{visible(title)}</b>
        {size !== null && <span>{bytes(size)}</span>}
      </summary>
      <ul>
        {evidence.map((one) => (
          <li key={one}>{visible(one)}</li>
        ))}
      </ul>
      <p>
        {harm} {visible(remedy)}
        {source && <span className={styles.soft}> {source}.</span>}
      </p>
      {statement && (
        <div className={styles.coded}>
          <pre className={styles.code}>{statement}</pre>
          <CopyButton text={statement} label="Copy the statement" />
        </div>
      )}
    </details>
  );
}
