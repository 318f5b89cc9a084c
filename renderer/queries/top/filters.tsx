import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import {
  type StatementOrder,
  statementOrders,
  type TopStatements,
} from '../../../preload/contract/queries.ts';
import styles from './top.module.css';
import type { TopAsk } from './use-top.ts';
import { orderWords } from './words.ts';

interface FiltersProps {
  ask: TopAsk;
  /** What was typed; it is asked for a moment later. */
  typed: string;
  top: TopStatements | undefined;
  connected: boolean;
  onAsk: (changes: Partial<TopAsk>) => void;
  onType: (text: string) => void;
}

const orders = statementOrders.map((value) => ({ value, label: orderWords[value].label }));

/** The line of choices: order, text, user and database, window or since the last reset. */
export function Filters({ ask, typed, top, connected, onAsk, onType }: FiltersProps) {
  return (
    <div className={styles.filters} role="toolbar" aria-label="Order and filters">
      <Select
        className={styles.order ?? ''}
        aria-label="Order by"
        data={orders}
        value={ask.order}
        allowDeselect={false}
        onChange={(order) => onAsk({ order: (order ?? 'total') as StatementOrder })}
        comboboxProps={{ width: 220, position: 'bottom-start' }}
      />
      <TextInput
        data-filter
        className={styles.search ?? ''}
        placeholder="Search in the text"
        aria-label="Search in the text"
        leftSection={<IconSearch size={14} />}
        value={typed}
        onChange={(event) => onType(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && typed !== '') {
            event.stopPropagation();
            onType('');
          }
        }}
      />
      <Name label="User" names={top?.users} chosen={ask.user} onChoose={(user) => onAsk({ user })} />
      <Name
        label="Database"
        names={top?.databases}
        chosen={ask.database}
        onChoose={(database) => onAsk({ database })}
      />
      <span className={styles.space} />
      <SegmentedControl
        aria-label="Counted"
        value={ask.source}
        onChange={(source) => onAsk({ source: source === 'reset' ? 'reset' : 'window' })}
        data={[
          { value: 'window', label: 'In the window' },
          { value: 'reset', label: 'Since the reset', disabled: !connected },
        ]}
      />
    </div>
  );
}

interface NameProps {
  label: string;
  names: readonly string[] | undefined;
  chosen: string | null;
  onChoose: (name: string | null) => void;
}

function Name({ label, names = [], chosen, onChoose }: NameProps) {
  const data = chosen === null || names.includes(chosen) ? names : [chosen, ...names];
  return (
    <Select
      className={styles.choice ?? ''}
      aria-label={label}
      placeholder={label}
      data={[...data]}
      value={chosen}
      onChange={onChoose}
      searchable
      clearable
      comboboxProps={{ width: 220, position: 'bottom-start' }}
      nothingFoundMessage="No such name"
    />
  );
}
