import { useEffect, useRef } from 'react';
import type { PlanFinding } from '../../../preload/contract/plan-model.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import styles from './findings.module.css';

interface FindingsProps {
  findings: readonly PlanFinding[];
  chosen: number | null;
  onChoose: (node: number) => void;
}

/** What is wrong with the plan, the worst first. A press shows the node that it is about. */
export function Findings({ findings, chosen, onChoose }: FindingsProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (chosen === null) return;
    list.current?.querySelector(`[data-of="${chosen}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  if (findings.length === 0) return <p className={styles.nothing}>Nothing stands out in this plan.</p>;
  return (
    <ul ref={list} className={styles.findings} aria-label="Findings">
      {findings.map((finding) => (
        <li
          key={`${finding.kind} ${finding.node}`}
          className={styles.finding}
          data-of={finding.node ?? undefined}
          data-chosen={finding.node !== null && finding.node === chosen ? true : undefined}
        >
          <FindingHead finding={finding} onChoose={onChoose} />
          <ul className={styles.evidence}>
            {finding.evidence.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
          <p className={styles.remedy}>{finding.remedy}</p>
          {finding.statement && (
            <div className={styles.statement}>
              <code>{finding.statement}</code>
              <CopyButton text={finding.statement} label="Copy the statement" />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function FindingHead({ finding, onChoose }: { finding: PlanFinding; onChoose: (node: number) => void }) {
  const { node, severity, what } = finding;
  const inner = (
    <>
      <SeverityIcon severity={severity} />
      <span className={styles.headText}>{what}</span>
    </>
  );
  if (node === null) return <div className={styles.findingHead}>{inner}</div>;
  return (
    <button type="button" className={styles.findingHead} onClick={() => onChoose(node)}>
      {inner}
    </button>
  );
}
