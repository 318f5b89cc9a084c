import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { ProtectionIcon } from '../../components/protection-badge.tsx';
import { Swatch } from '../../components/swatch.tsx';
import { type Found, findCommands } from './commands.ts';
import styles from './palette.module.css';
import { useFinders } from './palette-actions.ts';
import { useCommands } from './use-commands.ts';

/** More than a person reads; typing another letter is quicker. */
const most = 60;

/** Goes anywhere and does anything from the keyboard. */
export function Palette({ onClose }: { onClose: () => void }) {
  const commands = useCommands();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const finders = useFinders();
  const found = useMemo(() => {
    const sought = query.trim() === '' ? [] : finders.flatMap((find) => find(query));
    return findCommands([...commands, ...sought], query).slice(0, most);
  }, [commands, finders, query]);
  const at = Math.min(chosen, found.length - 1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the choice.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at, query]);

  const run = (index: number): void => {
    const command = found[index]?.command;
    if (!command) return;
    onClose();
    // After the dialog has handed the focus back, so that what opens next may take it.
    queueMicrotask(command.run);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const wraps = event.key.startsWith('Arrow');
      setChosen(
        wraps ? (to + found.length) % Math.max(1, found.length) : Math.max(0, Math.min(found.length - 1, to)),
      );
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(at);
    }
  };
  return (
    <Dialog label="Command palette" className={styles.palette} onClose={onClose}>
      <div className={styles.search}>
        <IconSearch size={16} aria-hidden />
        <input
          data-autofocus
          className={styles.input}
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
          aria-label="Go to or do"
          placeholder="Environment, room or action"
          value={query}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div ref={list} id={id} role="listbox" aria-label="Commands" className={styles.list}>
        {found.map((one, index) => (
          <Entry
            key={one.command.id}
            id={`${id}-${index}`}
            found={one}
            chosen={index === at}
            onPoint={() => setChosen(index)}
            onRun={() => run(index)}
          />
        ))}
        {found.length === 0 && (
          <p className={styles.none}>Nothing matches. Try the name of an environment or an act.</p>
        )}
      </div>
    </Dialog>
  );
}

interface EntryProps {
  id: string;
  found: Found;
  chosen: boolean;
  onPoint: () => void;
  onRun: () => void;
}

function Entry({ id, found, chosen, onPoint, onRun }: EntryProps) {
  const { label, detail, icon: Icon, environment } = found.command;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the field keeps the focus and names the entry.
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      className={styles.entry}
      onPointerMove={onPoint}
      onClick={onRun}
    >
      <span className={styles.color}>{environment && <Swatch color={environment.color} height={18} />}</span>
      <Icon size={16} stroke={1.75} />
      <bdi className={styles.label}>
        <Marked text={label} marks={found.marks} />
      </bdi>
      {detail && <bdi className={styles.detail}>{detail}</bdi>}
      {environment && <ProtectionIcon protection={environment.protection} />}
    </div>
  );
}

function Marked({ text, marks }: { text: string; marks: ReadonlySet<number> }) {
  if (marks.size === 0) return text;
  const parts: { text: string; marked: boolean }[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const marked = marks.has(index);
    const last = parts.at(-1);
    if (last && last.marked === marked) last.text += text[index];
    else parts.push({ text: text[index] ?? '', marked });
  }
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts have no identity beyond their place.
  return parts.map((part, index) => (part.marked ? <mark key={index}>{part.text}</mark> : part.text));
}
