import { ActionIcon, Button, Checkbox, Menu, Popover, SegmentedControl, Tooltip } from '@mantine/core';
import {
  IconArrowsMaximize,
  IconDownload,
  IconFilter,
  IconFocusCentered,
  IconMinus,
  IconPlus,
  IconRefresh,
  IconRestore,
  IconX,
} from '@tabler/icons-react';
import type { ReactNode, RefObject } from 'react';
import { oneLine } from '../../preload/contract/diagram/scene/text.ts';
import { count, plural } from '../components/format.ts';
import { TimeAgo } from '../components/time-ago.tsx';
import type { DiagramView } from './canvas/view.ts';
import { stepWords } from './progress-notes.tsx';
import styles from './schema.module.css';
import type { SchemaSession } from './session.ts';
import type { SchemaState } from './state.ts';
import type { DdlExport } from './use-ddl-export.ts';
import type { ExportFormat } from './worker/messages.ts';

interface ToolbarProps {
  session: SchemaSession;
  state: SchemaState;
  view: RefObject<DiagramView | undefined>;
  selected: number | undefined;
  onFocus: (table: number) => void;
  onToggleSchema: (schema: string) => void;
  onExport: (format: ExportFormat) => void;
  ddl: DdlExport;
}

/** What is drawn, from how near, and where it goes. */
export function Toolbar({
  session,
  state,
  view,
  selected,
  onFocus,
  onToggleSchema,
  onExport,
  ddl,
}: ToolbarProps) {
  const { filter, loaded, shown, step, hasPlaces } = state;
  const { focus } = filter;
  const focused = focus ? loaded?.diagram.tables[focus.table] : undefined;
  const off = !shown;
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Diagram">
      <FilterMenu session={session} state={state} onToggleSchema={onToggleSchema} />
      {focus && focused ? (
        <span className={styles.focus}>
          <span>
            <span className={styles.around}>Around </span>
            <b className="mono">{focused.name}</b>
          </span>
          <SegmentedControl
            aria-label="How many relations away"
            value={String(focus.depth)}
            onChange={(depth) => session.setFilter({ focus: { ...focus, depth: Number(depth) } })}
            data={['1', '2', '3', '4']}
          />
          <Icon label="Draw all tables again (Esc)" onClick={() => session.setFilter({ focus: null })}>
            <IconX size={15} />
          </Icon>
        </span>
      ) : (
        <Button
          leftSection={<IconFocusCentered size={14} />}
          data-disabled={selected === undefined}
          aria-disabled={selected === undefined}
          title={
            selected === undefined ? 'Choose a table first' : 'Draw only this table and its neighbours (f)'
          }
          onClick={() => selected !== undefined && onFocus(selected)}
        >
          Focus
        </Button>
      )}
      <span className={styles.counts}>
        <span role="status">{countWords(state)}</span>
        {state.knownAt !== undefined && (
          <span className={styles.age}>
            {' · '}as of <TimeAgo at={state.knownAt} />
          </span>
        )}
      </span>
      <span className={styles.space} />
      <Icon label="Zoom out (−)" off={off} onClick={() => view.current?.zoomBy(0.8)}>
        <IconMinus size={15} />
      </Icon>
      <Icon label="Zoom in (+)" off={off} onClick={() => view.current?.zoomBy(1.25)}>
        <IconPlus size={15} />
      </Icon>
      <Icon label="Show everything (Home)" off={off} onClick={() => view.current?.fit()}>
        <IconArrowsMaximize size={15} />
      </Icon>
      <Icon
        label={hasPlaces ? 'Put moved tables back' : 'No table was moved by hand'}
        off={!hasPlaces}
        onClick={() => session.resetPlaces()}
      >
        <IconRestore size={15} />
      </Icon>
      <Icon
        label={step ? stepWords(step) : 'Look for changes'}
        off={step !== undefined}
        onClick={() => session.read(true)}
      >
        <IconRefresh size={15} />
      </Icon>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button leftSection={<IconDownload size={14} />} disabled={!loaded}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>What is drawn now, as</Menu.Label>
          <Menu.Item disabled={off} onClick={() => onExport('svg')}>
            SVG
          </Menu.Item>
          <Menu.Item disabled={off} onClick={() => onExport('png')}>
            PNG
          </Menu.Item>
          <Menu.Item disabled={off} onClick={() => onExport('mermaid')}>
            Mermaid erDiagram
          </Menu.Item>
          <Menu.Item disabled={off} onClick={() => onExport('dbml')}>
            DBML
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>
            {ddl.schemas === undefined
              ? 'Everything there is, as'
              : `All of ${plural(ddl.schemas, 'schema')}, as`}
          </Menu.Label>
          <Menu.Item disabled={ddl.running !== undefined || ddl.schemas === 0} onClick={ddl.start}>
            DDL (SQL)
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function FilterMenu({
  session,
  state,
  onToggleSchema,
}: Pick<ToolbarProps, 'session' | 'state' | 'onToggleSchema'>) {
  const { filter, loaded } = state;
  const hidden = new Set(filter.hiddenSchemas);
  const narrowings = [
    hidden.size > 0,
    filter.onlyConnected,
    !filter.views,
    !filter.enums,
    filter.extensions,
  ].filter(Boolean).length;
  const schemas = loaded?.diagram.schemas ?? [];
  return (
    <Popover position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button leftSection={<IconFilter size={14} />} disabled={!loaded}>
          Filter{narrowings > 0 && ` (${narrowings})`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="What is drawn">
        <div className={styles.filters}>
          <Checkbox
            label="Only tables with relations"
            checked={filter.onlyConnected}
            onChange={(event) => session.setFilter({ onlyConnected: event.currentTarget.checked })}
          />
          <Checkbox
            label="Views"
            checked={filter.views}
            onChange={(event) => session.setFilter({ views: event.currentTarget.checked })}
          />
          <Checkbox
            label="Enums"
            checked={filter.enums}
            onChange={(event) => session.setFilter({ enums: event.currentTarget.checked })}
          />
          <Checkbox
            label="What extensions brought"
            checked={filter.extensions}
            onChange={(event) => session.setFilter({ extensions: event.currentTarget.checked })}
          />
          <fieldset className={styles.schemas}>
            <legend>Schemas</legend>
            {schemas.map((schema) => (
              <Checkbox
                key={schema}
                label={<span className="mono">{oneLine(schema)}</span>}
                checked={!hidden.has(schema)}
                onChange={() => onToggleSchema(schema)}
              />
            ))}
          </fieldset>
          <div className={styles.all}>
            <Button disabled={hidden.size === 0} onClick={() => session.setFilter({ hiddenSchemas: [] })}>
              All schemas
            </Button>
            <Button
              disabled={hidden.size === schemas.length}
              onClick={() => session.setFilter({ hiddenSchemas: [...schemas] })}
            >
              None
            </Button>
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function Icon({
  label,
  off = false,
  onClick,
  children,
}: {
  label: string;
  off?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        className={styles.icon}
        aria-label={label}
        data-disabled={off}
        aria-disabled={off}
        onClick={() => !off && onClick()}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function countWords({ loaded, shown, step }: SchemaState): string {
  if (!loaded || !shown) return '';
  const all = loaded.diagram.tables.length;
  const drawn = shown.placed.tables.length;
  const words = drawn === all ? `${count(all)} drawn` : `${count(drawn)} of ${count(all)} drawn`;
  return step ? `${words} · ${lowerFirst(stepWords(step))}` : words;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
