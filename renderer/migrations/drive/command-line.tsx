import { visible } from '../words.ts';
import styles from './drive.module.css';

/** A shell's line, whole. */
export function CommandLine({ text }: { text: string }) {
  return (
    <pre className={styles.commandLine} dir="ltr">
      {visible(text)}
    </pre>
  );
}
