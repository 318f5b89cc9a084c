import { ActionIcon, Button, Menu, SegmentedControl, Select, TextInput, Tooltip } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
  IconX,
} from '@tabler/icons-react';
import { memo, type ReactNode, type RefObject, useMemo } from 'react';
import type { Backend } from '../../preload/contract/activity.ts';
import { age } from '../components/format.ts';
import { useNow } from '../components/use-now.ts';
import styles from './activity.module.css';
import { type ActivityFilters, everything, isNarrowed, valuesOf } from './filters.ts';

interface ToolbarProps {
  backends: readonly Backend[];
  filters: ActivityFilters;
  onFilters: (update: (before: ActivityFilters) => ActivityFilters) => void;
  search: RefObject<HTMLInputElement | null>;
  pausedAt: number | null;
  onPause: (paused: boolean) => void;
  /** False in the tree, which is always of the whole server. */
  filtering: boolean;
  /** Buttons at the end. */
  children: ReactNode;
}

/** The line of filters: search, database, user, application, scope, what else to show; then pause and the acts. */
export function Toolbar({ backends, filters, onFilters, search, pausedAt, onPause, children }: ToolbarProps) {
  const set = (changes: Partial<ActivityFilters>): void => onFilters((before) => ({ ...before, ...changes }));
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Filters and actions">
      <TextInput
        ref={search}
        className={styles.search ?? ''}
        placeholder="Search"
        aria-label="Search in pid, statement, user, database, application, client and wait event"
        leftSection={<IconSearch size={14} />}
        value={filters.text}
        onChange={(event) => set({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && filters.text !== '') {
            event.stopPropagation();
            set({ text: '' });
          }
        }}
      />
      <FieldFilter
        field="database"
        label="Database"
        backends={backends}
        chosen={filters.database}
        onChoose={(database) => set({ database })}
      />
      <FieldFilter
        field="user"
        label="User"
        backends={backends}
        chosen={filters.user}
        onChoose={(user) => set({ user })}
      />
      <FieldFilter
        field="application"
        label="Application"
        backends={backends}
        chosen={filters.application}
        onChoose={(application) => set({ application })}
      />
      <SegmentedControl
        aria-label="Scope"
        data={[
          { value: 'server', label: 'Whole server' },
          { value: 'database', label: 'This database' },
        ]}
        value={filters.scope}
        onChange={(scope) => set({ scope: scope === 'database' ? 'database' : 'server' })}
      />
      <Menu closeOnItemClick={false} position="bottom-start">
        <Menu.Target>
          <Tooltip label="Also show">
            <ActionIcon aria-label="Also show" variant={filters.system || filters.own ? 'light' : 'subtle'}>
              <IconAdjustmentsHorizontal size={16} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.CheckboxItem checked={filters.system} onChange={(system) => set({ system })}>
            Background processes of the server
          </Menu.CheckboxItem>
          <Menu.CheckboxItem checked={filters.own} onChange={(own) => set({ own })}>
            The session Howdah samples with
          </Menu.CheckboxItem>
        </Menu.Dropdown>
      </Menu>
      {isNarrowed(filters) && (
        <Tooltip label="Clear filters">
          <ActionIcon
            aria-label="Clear filters"
            onClick={() => onFilters(({ system, own }) => ({ ...everything, system, own }))}
          >
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      )}
      <span className={styles.space} />
      <Pause pausedAt={pausedAt} onPause={onPause} />
      {children}
    </div>
  );
}

function Pause({ pausedAt, onPause }: { pausedAt: number | null; onPause: (paused: boolean) => void }) {
  if (pausedAt === null) {
    return (
      <Tooltip label="Hold the picture still; data keep coming">
        <ActionIcon aria-label="Pause" onClick={() => onPause(true)}>
          <IconPlayerPause size={16} />
        </ActionIcon>
      </Tooltip>
    );
  }
  return (
    <Button
      className={styles.paused ?? ''}
      leftSection={<IconPlayerPlay size={14} />}
      onClick={() => onPause(false)}
    >
      <PausedFor since={pausedAt} />
    </Button>
  );
}

function PausedFor({ since }: { since: number }) {
  const now = useNow();
  return <>Paused {age(now - since)} ago · resume</>;
}

interface FieldFilterProps {
  field: 'database' | 'user' | 'application';
  label: string;
  backends: readonly Backend[];
  chosen: string | null;
  onChoose: (value: string | null) => void;
}

const none = '(none)';

/** One field's values with their counts, to choose one of. */
function FieldFilter({ field, label, backends, chosen, onChoose }: FieldFilterProps) {
  const values = useMemo(() => valuesOf(backends, field), [backends, field]);
  const options = values.slice(0, 200).map(({ value, count }) => ({
    value: value || none,
    label: `${value || none} · ${count}`,
  }));
  const shown = chosen === null ? null : chosen || none;
  if (shown !== null && !options.some(({ value }) => value === shown))
    options.unshift({ value: shown, label: `${shown} · 0` });
  const signature = options.map((option) => option.label).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the options.
  const stable = useMemo(() => options, [signature]);
  return <Choice label={label} options={stable} chosen={shown} onChoose={onChoose} />;
}

interface ChoiceProps {
  label: string;
  options: { value: string; label: string }[];
  chosen: string | null;
  onChoose: (value: string | null) => void;
}

const Choice = memo(
  function Choice({ label, options, chosen, onChoose }: ChoiceProps) {
    return (
      <Select
        className={styles.choice ?? ''}
        aria-label={label}
        placeholder={label}
        data={options}
        value={chosen}
        onChange={(value) => onChoose(value === none ? '' : value)}
        searchable
        clearable
        comboboxProps={{ width: 260, position: 'bottom-start' }}
        nothingFoundMessage="No such value"
      />
    );
  },
  (before, next) =>
    before.options === next.options && before.chosen === next.chosen && before.label === next.label,
);
