import { Button } from '@mantine/core';
import type { Environment } from '../../preload/contract/environments.ts';
import type { MaintainedTable, Toward } from '../../preload/contract/maintenance.ts';
import { bytes, count, dateTime, exactBytes, plural } from '../components/format.ts';
import { Inspector } from '../components/inspector.tsx';
import { Fact, Facts, Section } from '../components/inspector-parts.tsx';
import { SeverityIcon } from '../components/severity-icon.tsx';
import type { RowAction } from '../components/table/row-menu.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { visible } from '../migrations/words.ts';
import { TableHistory } from './history.tsx';
import styles from './maintenance.module.css';
import { Due, TowardBar } from './table-columns.tsx';
import { rowsWords, stateWords } from './words.ts';

interface TableInspectorProps {
  environment: Environment;
  table: MaintainedTable;
  actions: readonly RowAction[];
  onClose: () => void;
}

/** One table: what is counted of it, when it was last looked after and will be, and what can be done. */
export function TableInspector({ environment, table, actions, onClose }: TableInspectorProps) {
  const { schema, name, kind, state, options, toast } = table;
  const { word, means, severity } = stateWords[state];
  return (
    <Inspector
      title={<bdi title={`${schema}.${name}`}>{visible(`${schema}.${name}`)}</bdi>}
      aside={kind === 'table' ? undefined : <span className={styles.soft}>{kind}</span>}
      onClose={onClose}
      footer={
        <div className={styles.buttons}>
          {actions.map(({ id, label, refused, destroys, run }) => (
            <Button
              key={id}
              size="compact-sm"
              variant={id === 'vacuum' ? 'filled' : 'default'}
              color={destroys ? 'red' : 'accent'}
              disabled={refused !== undefined}
              title={refused}
              onClick={run}
            >
              {label}
            </Button>
          ))}
        </div>
      }
    >
      <div className={styles.sections}>
        <p className={styles.state}>
          {severity && <SeverityIcon severity={severity} />}
          <span>
            <b>{word}.</b> {means}
          </span>
        </p>
        <HeapFacts heap={table} />
        <Section title="Analyze">
          <Facts>
            <Fact label="Changed rows">
              <Counter toward={table.changed} />
            </Fact>
            <Fact label="Due">
              <Due toward={table.changed} />
            </Fact>
            <Fact label="By hand">
              <When at={table.lastAnalyze} times={table.analyzes} />
            </Fact>
            <Fact label="By autovacuum">
              <When at={table.lastAutoanalyze} times={table.autoanalyzes} />
            </Fact>
          </Facts>
        </Section>
        {toast && (
          <Section title="Its TOAST table">
            <HeapFacts heap={toast} />
          </Section>
        )}
        <Section title="Settings of its own">
          {options.length === 0 ? (
            <p className={styles.soft}>None: those of the server apply.</p>
          ) : (
            <ul className={styles.list}>
              {options.map((option) => (
                <li key={option} className={styles.mono}>
                  {visible(option)}
                </li>
              ))}
            </ul>
          )}
        </Section>
        <Section title="Over time">
          <TableHistory environment={environment.id} table={table.oid} />
        </Section>
        <p className={styles.soft} title={exactBytes(table.bytes)}>
          {bytes(table.bytes)} without indexes, when it was last vacuumed or analysed.
        </p>
      </div>
    </Inspector>
  );
}

function HeapFacts({ heap }: { heap: NonNullable<MaintainedTable['toast']> }) {
  return (
    <Facts>
      <Fact label="Live rows">
        <span title={heap.live === null ? undefined : count(Math.round(heap.live))}>
          {rowsWords(heap.live)}
        </span>
      </Fact>
      <Fact label="Dead rows">
        <Counter toward={heap.dead} />
      </Fact>
      <Fact label="Due by dead rows">
        <Due toward={heap.dead} />
      </Fact>
      <Fact label="Inserted rows">
        <Counter toward={heap.inserted} />
      </Fact>
      <Fact label="Due by inserts">
        <Due toward={heap.inserted} />
      </Fact>
      <Fact label="Vacuumed by hand">
        <When at={heap.lastVacuum} times={heap.vacuums} />
      </Fact>
      <Fact label="By autovacuum">
        <When at={heap.lastAutovacuum} times={heap.autovacuums} />
      </Fact>
      <Fact label="Transaction age">{heap.xidAge === null ? '–' : count(heap.xidAge)}</Fact>
      <Fact label="Multixact age">{heap.multixactAge === null ? '–' : count(heap.multixactAge)}</Fact>
      {heap.off && <Fact label="Autovacuum">Off, except against wraparound</Fact>}
    </Facts>
  );
}

function Counter({ toward }: { toward: Toward }) {
  const { counted, threshold } = toward;
  if (counted === null) return <span className={styles.soft}>not counted here</span>;
  return (
    <span className={styles.state}>
      <TowardBar toward={toward} />
      <span className={styles.soft}>
        {threshold === null ? 'autovacuum does not come by these' : `of ${count(Math.ceil(threshold))}`}
      </span>
    </span>
  );
}

function When({ at, times }: { at: number | null; times: number | null }) {
  if (at === null) return <span className={styles.soft}>never</span>;
  return (
    <span title={dateTime(at)}>
      <TimeAgo at={at} />
      {times !== null && <span className={styles.soft}> ({plural(times, 'time')})</span>}
    </span>
  );
}
