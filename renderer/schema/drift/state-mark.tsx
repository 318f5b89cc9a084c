import { IconEqualNot, IconHelp, IconMinus, IconPlus } from '@tabler/icons-react';
import styles from './list.module.css';
import type { State, Vocabulary } from './words.ts';

const icons = { more: IconPlus, less: IconMinus, other: IconEqualNot, unknown: IconHelp };

/** How an object differs, as a sign and a word. */
export function StateMark({
  state,
  vocabulary,
  wordless = false,
}: {
  state: State;
  vocabulary: Vocabulary;
  wordless?: boolean;
}) {
  const sign = vocabulary.sign[state];
  const Icon = icons[sign];
  return (
    <span className={styles.state} data-sign={sign}>
      <Icon size={14} stroke={2.25} aria-hidden />
      <span className={wordless ? 'visually-hidden' : undefined}>{vocabulary.state[state]}</span>
    </span>
  );
}
