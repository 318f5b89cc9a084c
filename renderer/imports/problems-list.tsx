import { IconAlertTriangle } from '@tabler/icons-react';
import type { ImportProblem } from '../../preload/contract/imports.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { plural } from '../components/format.ts';
import styles from './import.module.css';

interface ProblemsListProps {
  problems: readonly ImportProblem[];
  /** Nothing else is to be seen, so it may be long. */
  alone?: boolean;
}

/** What could not be read, by file and line. */
export function ProblemsList({ problems, alone = false }: ProblemsListProps) {
  if (problems.length === 0) return null;
  const title = `${plural(problems.length, 'part')} could not be read`;
  return (
    <section className={styles.problems} data-alone={alone || undefined} role="status" aria-label={title}>
      <IconAlertTriangle size={16} aria-hidden />
      <div className={styles.problemsBody}>
        <p className={styles.problemsTitle}>{title}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by the keyboard. */}
        <ul className={styles.problemsList} tabIndex={0}>
          {problems.map((problem, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same may be said twice of a file.
            <li key={index}>
              <bdi className={styles.where}>{place(problem)}</bdi> <span dir="auto">{problem.text}</span>
            </li>
          ))}
        </ul>
      </div>
      <CopyButton
        text={() => problems.map((problem) => `${place(problem)} ${problem.text}`).join('\n')}
        label="Copy the list"
      />
    </section>
  );
}

function place({ file, line }: ImportProblem): string {
  return line === null ? file : `${file}:${line}`;
}
