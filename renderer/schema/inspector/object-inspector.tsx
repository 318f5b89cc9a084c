import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { oneLine } from '../../../preload/contract/diagram/scene/text.ts';
import type { Oid } from '../../../preload/contract/schema-model.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Inspector } from '../../components/inspector.tsx';
import { Loading } from '../../components/loading.tsx';
import type { SchemaSession } from '../session.ts';
import { AccessPanel } from './access.tsx';
import { Ddl } from './ddl.tsx';
import type { ObjectDetails } from './details/details.ts';
import styles from './inspector.module.css';
import type { Go } from './parts.tsx';
import { Rows } from './rows.tsx';
import { Statistics } from './statistics.tsx';
import { Structure } from './structure.tsx';
import { useDetails } from './use-details.ts';
import type { TableName } from './use-table-facts.ts';

interface ObjectInspectorProps {
  session: SchemaSession;
  environment: string;
  oid: Oid;
  /** Changes when there may be more to know of it. */
  version: string;
  /** When the structure was read, by the server's clock, ms. */
  modelAt: number | undefined;
  onClose: () => void;
  go: Go;
}

const tabs = [
  { id: 'structure', label: 'Structure' },
  { id: 'statistics', label: 'Statistics' },
  { id: 'access', label: 'Access' },
  { id: 'ddl', label: 'DDL' },
  { id: 'rows', label: 'Rows' },
] as const;
type Tab = (typeof tabs)[number]['id'];

/** Everything there is to know of one table, view, type, routine or sequence. */
export function ObjectInspector(props: ObjectInspectorProps) {
  const { session, environment, oid, version, modelAt, onClose, go } = props;
  const [tab, setTab] = useState<Tab>('structure');
  const details = useDetails(session, oid, version);
  // While the next one is looked up, a moment, the last one stays: as a whole, name and all.
  const full = details ? `${details.schema}.${details.title}` : '';
  const offered = tabsOf(details);
  const shown = offered.some(({ id }) => id === tab) ? tab : 'structure';
  const id = useId();
  return (
    <Inspector
      title={
        <bdi className={styles.title} title={full}>
          {oneLine(details?.title ?? '')}
        </bdi>
      }
      aside={<CopyButton text={full} label="Copy the name" />}
      onClose={onClose}
    >
      {offered.length > 1 && <TabList id={id} tabs={offered} chosen={shown} onChoose={setTab} />}
      <div
        id={`${id}-panel`}
        className={styles.panel}
        {...(offered.length > 1 ? { role: 'tabpanel', 'aria-labelledby': `${id}-${shown}` } : {})}
      >
        {details === null ? (
          <p className={styles.soft}>It is not there any more. Read the structure again.</p>
        ) : details ? (
          <Panel key={`${details.oid} ${shown}`} tab={shown} {...{ details, environment, modelAt, go }} />
        ) : (
          <Loading label="Looking it up" rows={10} />
        )}
      </div>
    </Inspector>
  );
}

/** Enums and the like fit on one page; a view has no storage to tell of. */
function tabsOf(details: ObjectDetails | null | undefined): readonly { id: Tab; label: string }[] {
  if (!details?.table) return details ? [] : tabs;
  if (details.table.kind === 'view') return tabs.filter(({ id }) => id !== 'statistics');
  return tabs;
}

interface PanelProps {
  tab: Tab;
  details: ObjectDetails;
  environment: string;
  modelAt: number | undefined;
  go: Go;
}

function Panel({ tab, details, environment, modelAt, go }: PanelProps) {
  const { table } = details;
  const name: TableName | undefined = table
    ? { environment, schema: details.schema, table: table.name }
    : undefined;
  if (!name || !table || tab === 'structure') return <Structure details={details} of={name} go={go} />;
  switch (tab) {
    case 'statistics':
      return <Statistics of={name} table={table} go={go} />;
    case 'access':
      return <AccessPanel details={details} />;
    case 'ddl':
      return <Ddl of={name} version={modelAt} />;
    case 'rows':
      return <Rows of={name} table={table} />;
  }
}

interface TabListProps {
  id: string;
  tabs: readonly { id: Tab; label: string }[];
  chosen: Tab;
  onChoose: (tab: Tab) => void;
}

/** The tabs as the ARIA Authoring Practices have them: arrows choose, Tab goes on. */
function TabList({ id, tabs, chosen, onChoose }: TabListProps) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((tab) => tab.id === chosen);
    const to = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    const next = to === undefined ? undefined : tabs[to];
    if (!next) return;
    event.preventDefault();
    onChoose(next.id);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[to ?? 0]?.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label="About it" className={styles.tabs} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          id={`${id}-${tab.id}`}
          type="button"
          role="tab"
          className={styles.tab}
          aria-selected={tab.id === chosen}
          aria-controls={`${id}-panel`}
          tabIndex={tab.id === chosen ? 0 : -1}
          onClick={() => onChoose(tab.id)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}
