import { ActionIcon, Button, Menu, SegmentedControl, Select, TextInput, Tooltip } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
  IconX,
} from '@tabler/icons-react';
import { memo, type ReactNode, useCallback, useRef, useState } from 'react';
import type { Backend } from '../../preload/contract/activity.ts';
import { age } from '../components/format.ts';
import { useNow } from '../components/use-now.ts';
import styles from './activity.module.css';
import { visible } from './columns.tsx';
import { type ActivityFilters, everything, isListed, isNarrowed, valuesOf } from './filters.ts';

interface ToolbarProps {
  backends: readonly Backend[];
  filters: ActivityFilters;
  onFilters: (update: (before: ActivityFilters) => ActivityFilters) => void;
  pausedAt: number | null;
  onPause: (paused: boolean) => void;
  /** False in the tree, which is always of the whole server. */
  filtering: boolean;
  /** Buttons at the end. */
  children: ReactNode;
}

/** The line of filters: database, user, application, scope, what else to show; then pause and the acts. */
export function Toolbar({
  backends,
  filters,
  onFilters,
  filtering,
  pausedAt,
  onPause,
  children,
}: ToolbarProps) {
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Filters and actions">
      {filtering ? (
        <Filters backends={backends} filters={filters} onFilters={onFilters} />
      ) : (
        <span className={styles.hint}>
          The tree is of the whole server; filters apply to the list of sessions.
        </span>
      )}
      <span className={styles.space} />
      <Pause pausedAt={pausedAt} onPause={onPause} />
      {children}
    </div>
  );
}

type FiltersProps = Pick<ToolbarProps, 'backends' | 'filters' | 'onFilters'>;

function Filters({ backends, filters, onFilters }: FiltersProps) {
  const set = (changes: Partial<ActivityFilters>): void => onFilters((before) => ({ ...before, ...changes }));
  const { system, own } = filters;
  const isCounted = useCallback((backend: Backend) => isListed(backend, { system, own }), [system, own]);
  return (
    <>
      <TextInput
        data-filter
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
        isCounted={isCounted}
        chosen={filters.database}
        onChoose={(database) => set({ database })}
      />
      <FieldFilter
        field="user"
        label="User"
        backends={backends}
        isCounted={isCounted}
        chosen={filters.user}
        onChoose={(user) => set({ user })}
      />
      <FieldFilter
        field="application"
        label="Application"
        backends={backends}
        isCounted={isCounted}
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
      <Menu closeOnItemClick={false} position="bottom-start" withInitialFocusPlaceholder={false}>
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
            Howdah’s own sessions
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
    </>
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
      title="Go on with live data"
      aria-label="Paused; go on with live data"
      onClick={() => onPause(false)}
    >
      <PausedFor since={pausedAt} />
    </Button>
  );
}

function PausedFor({ since }: { since: number }) {
  const now = useNow();
  return <>Paused {age(now - since)} ago</>;
}

interface FieldFilterProps {
  field: 'database' | 'user' | 'application';
  label: string;
  backends: readonly Backend[];
  isCounted: (backend: Backend) => boolean;
  chosen: string | null;
  onChoose: (value: string | null) => void;
}

const none = '(none)';

/** One field's values with how many sessions have them, to choose one of. They are counted when the list opens. */
function FieldFilter({ field, label, backends, isCounted, chosen, onChoose }: FieldFilterProps) {
  const [options, setOptions] = useState<{ value: string; label: string }[]>([]);
  const newest = useRef(backends);
  newest.current = backends;
  const choose = useRef(onChoose);
  choose.current = onChoose;
  const count = useCallback((): void => {
    const counted = valuesOf(newest.current.filter(isCounted), field).slice(0, 200);
    setOptions(
      counted.map((one) => ({
        value: one.value || none,
        label: `${visible(one.value) || none} · ${one.count}`,
      })),
    );
  }, [field, isCounted]);
  const onChange = useCallback((value: string | null) => choose.current(value === none ? '' : value), []);
  return (
    <Choice
      label={label}
      options={options}
      chosen={chosen === '' ? none : chosen}
      onOpen={count}
      onChange={onChange}
    />
  );
}

interface ChoiceProps {
  label: string;
  options: { value: string; label: string }[];
  chosen: string | null;
  onOpen: () => void;
  onChange: (value: string | null) => void;
}

const Choice = memo(function Choice({ label, options, chosen, onOpen, onChange }: ChoiceProps) {
  const isKnown = chosen === null || options.some(({ value }) => value === chosen);
  return (
    <Select
      className={styles.choice ?? ''}
      aria-label={label}
      placeholder={label}
      data={isKnown ? options : [{ value: chosen, label: chosen }, ...options]}
      value={chosen}
      onChange={onChange}
      onDropdownOpen={onOpen}
      searchable
      clearable
      comboboxProps={{ width: 260, position: 'bottom-start' }}
      nothingFoundMessage="No such value"
    />
  );
});
