import { plural } from '../../components/format.ts';
import { visible } from '../words.ts';
import styles from './run.module.css';

/** What the server said besides. */
export function Notices({ notices }: { notices: readonly string[] }) {
  if (notices.length === 0) return null;
  return (
    <details className={styles.notices} open={notices.length <= 5}>
      <summary>{plural(notices.length, 'notice')}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, and the keyboard must reach it. */}
      <pre className={styles.text} tabIndex={0}>
        {notices.map(visible).join('\n')}
      </pre>
    </details>
  );
}
