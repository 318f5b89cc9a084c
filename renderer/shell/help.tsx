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
      [[control, 'K'], 'Command palette: environments, rooms, every action'],
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
];

/** All shortcuts on one card. */
export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog label="Keyboard shortcuts" onClose={onClose}>
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
