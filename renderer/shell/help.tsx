import { Kbd } from '@mantine/core';
import { Dialog } from '../components/dialog.tsx';
import styles from './help.module.css';

const control = /mac/i.test(navigator.userAgent) ? '⌘' : 'Ctrl';

/** The keys of the command palette as this system writes them. */
export const paletteKeys = control === '⌘' ? '⌘K' : 'Ctrl K';

const shortcuts: readonly { title: string; keys: readonly (readonly [keys: string[], does: string])[] }[] = [
  {
    title: 'Anywhere',
    keys: [
      [[control, 'K'], 'Command palette: every place and act'],
      [['g', 'h'], 'Home'],
      [['g', 'a'], 'Audit log'],
      [['g', 'i'], 'Import connections'],
      [['/'], 'Filter this screen'],
      [['['], 'Room before'],
      [[']'], 'Room after'],
      [['Esc'], 'Close the inspector or the dialog'],
      [['?'], 'This list'],
    ],
  },
  {
    title: 'In lists',
    keys: [
      [['↑', '↓'], 'Walk the rows'],
      [['Enter'], 'Open what is chosen'],
      [['Home', 'End'], 'First and last row'],
    ],
  },
  {
    title: 'In the list of environments',
    keys: [
      [['Alt', '↑'], 'Move up'],
      [['Alt', '↓'], 'Move down'],
      [['Shift', 'F10'], 'Menu'],
    ],
  },
  {
    title: 'On the diagram of a schema',
    keys: [
      [['↑', '↓', '←', '→'], 'From table to table'],
      [['Tab'], 'Along relations'],
      [['Enter'], 'Open the inspector'],
      [['f'], 'Only this table and its neighbours'],
      [['+', '−'], 'Nearer and further'],
      [['0'], 'Natural size'],
      [['Home'], 'Everything in sight'],
      [['Space'], 'The table and its surroundings in sight'],
      [['o'], 'Open a partitioned table'],
      [['Shift', 'Arrow'], 'Move the table'],
      [[control, 'Arrow'], 'Move the picture'],
    ],
  },
];

/** All shortcuts on one card. */
export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog label="Keyboard shortcuts" className={styles.dialog} onClose={onClose}>
      <div className={styles.help}>
        {shortcuts.map(({ title, keys }) => (
          <section key={title}>
            <h2 className={styles.title}>{title}</h2>
            <dl className={styles.keys}>
              {keys.map(([parts, does]) => (
                <div key={does} className={styles.row}>
                  <dt>
                    {parts.map((part) => (
                      <Kbd key={part}>{part}</Kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
