import { Fragment, type ReactNode, useEffect, useState } from 'react';
import type { Oid, Printed } from '../../preload/contract/schema-model.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { count, plural } from '../components/format.ts';
import { Inspector } from '../components/inspector.tsx';
import { Loading } from '../components/loading.tsx';
import type { DetailReference, TableDetails } from './model/details.ts';
import type { Diagram } from './model/diagram.ts';
import { kindWords } from './outline-rows.ts';
import { oneLine } from './scene/text.ts';
import type { SchemaSession } from './session.ts';
import styles from './table-inspector.module.css';

interface TableInspectorProps {
  session: SchemaSession;
  diagram: Diagram;
  /** Place in the diagram. */
  table: number;
  /** Changes when definitions have come that may be this table's. */
  definitions: number;
  onClose: () => void;
  onGo: (table: number) => void;
}

/** Everything the model knows of one table, in words. */
export function TableInspector({ session, diagram, table, definitions, onClose, onGo }: TableInspectorProps) {
  const row = diagram.tables[table];
  const oid = row?.oid;
  const [details, setDetails] = useState<TableDetails | null>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: definitions that came later are looked up anew.
  useEffect(() => {
    let isGone = false;
    if (oid === undefined) return;
    session.details(oid).then(
      (found) => isGone || setDetails(found),
      () => isGone || setDetails(null),
    );
    return () => {
      isGone = true;
    };
  }, [session, oid, definitions]);

  if (!row) return null;
  const current = details?.oid === oid ? details : undefined;
  const places = (other: Oid): number => diagram.tables.findIndex((one) => one.oid === other);
  const go = (other: Oid): (() => void) | undefined => {
    const place = places(other);
    return place < 0 ? undefined : () => onGo(place);
  };
  return (
    <Inspector
      title={<span className={styles.title}>{oneLine(row.name)}</span>}
      aside={<CopyButton text={`${diagram.schemas[row.schema] ?? ''}.${row.name}`} label="Copy the name" />}
      onClose={onClose}
    >
      {details === null ? (
        <p className={styles.soft}>The model has nothing on it any more. Read the structure again.</p>
      ) : current ? (
        <Sections
          details={current}
          kind={kindWords[row.kind]}
          partitions={row.partitions}
          rows={row.estimatedRows}
          go={go}
        />
      ) : (
        <Loading label="Looking it up" rows={10} />
      )}
    </Inspector>
  );
}

interface SectionsProps {
  details: TableDetails;
  kind: string;
  partitions: number;
  rows: number;
  go: (oid: Oid) => (() => void) | undefined;
}

function Sections({ details, kind, partitions, rows, go }: SectionsProps) {
  return (
    <div className={styles.sections}>
      {details.comment && <p>{details.comment}</p>}
      <dl className={styles.facts}>
        <Fact label="Kind">
          {kind} in <span className="mono">{details.schema}</span>
        </Fact>
        <Fact label="Owner">{details.owner}</Fact>
        {details.kind !== 'enum' && details.kind !== 'view' && (
          <Fact label="Rows, estimated">{rows < 0 ? 'never counted' : count(Math.round(rows))}</Fact>
        )}
        {details.partitionKey && (
          <Fact label="Partitioned by">
            <PrintedText printed={details.partitionKey} />
          </Fact>
        )}
        {details.facts.map(({ label, value }) => (
          <Fact key={label} label={label}>
            {value}
          </Fact>
        ))}
      </dl>
      {details.kind === 'enum' && (
        <Section title="Values" of={details.values.length}>
          <ol className={styles.values}>
            {details.values.map((value) => (
              <li key={value} className="mono">
                {oneLine(value)}
              </li>
            ))}
          </ol>
        </Section>
      )}
      {details.columns.length > 0 && (
        <Section title="Columns" of={details.columns.length}>
          <Columns columns={details.columns} />
        </Section>
      )}
      {details.keys.length > 0 && (
        <Section title="Keys and checks" of={details.keys.length}>
          {details.keys.map((key) => (
            <Item key={key.name} name={key.name} notes={[key.kind, ...key.notes]}>
              {key.definition.state === 'known' ? (
                <PrintedText printed={key.definition} />
              ) : (
                <code className={styles.definition}>{key.columns.join(', ')}</code>
              )}
            </Item>
          ))}
        </Section>
      )}
      <References title="Refers to" arrow="→" references={details.foreignKeys} go={go} />
      <References title="Referred to by" arrow="←" references={details.referencedBy} go={go} />
      {details.indexes.length > 0 && (
        <Section title="Indexes" of={details.indexes.length}>
          {details.indexes.map((index) => (
            <Item key={index.name} name={index.name} notes={[index.method, ...index.notes]} bad={index.isBad}>
              {index.definition.state === 'known' ? (
                <PrintedText printed={index.definition} />
              ) : (
                <code className={styles.definition}>{index.columns}</code>
              )}
            </Item>
          ))}
        </Section>
      )}
      {details.triggers.length > 0 && (
        <Section title="Triggers" of={details.triggers.length}>
          {details.triggers.map((trigger) => (
            <Item
              key={trigger.name}
              name={trigger.name}
              notes={[trigger.calls ? `calls ${trigger.calls}` : '', trigger.enabled]}
            >
              <PrintedText printed={trigger.definition} />
            </Item>
          ))}
        </Section>
      )}
      {details.policies.length > 0 && (
        <Section title="Policies" of={details.policies.length}>
          {details.policies.map((policy) => (
            <Item
              key={policy.name}
              name={policy.name}
              notes={[
                policy.permissive ? 'permissive' : 'restrictive',
                `for ${policy.command}`,
                `to ${policy.roles.length === 0 ? 'everyone' : policy.roles.join(', ')}`,
              ]}
            >
              {policy.using && (
                <p>
                  using <PrintedText printed={policy.using} />
                </p>
              )}
              {policy.check && (
                <p>
                  check <PrintedText printed={policy.check} />
                </p>
              )}
            </Item>
          ))}
        </Section>
      )}
      {details.partitions.length > 0 && (
        <Section title="Partitions" of={partitions}>
          <ul className={styles.partitions}>
            {details.partitions.slice(0, 200).map((partition) => (
              <li key={partition.oid}>
                <span className="mono">{oneLine(partition.name)}</span>{' '}
                {partition.bound && <PrintedText printed={partition.bound} />}
              </li>
            ))}
          </ul>
          {details.partitions.length > 200 && (
            <p className={styles.soft}>and {plural(details.partitions.length - 200, 'more partition')}</p>
          )}
        </Section>
      )}
      <Links title={details.kind === 'enum' ? 'Used by columns' : 'Used by'} links={details.usedBy} go={go} />
      <Links title="Uses" links={details.uses} go={go} />
      {details.definition && (
        <Section title="Definition">
          <PrintedText printed={details.definition} block />
        </Section>
      )}
    </div>
  );
}

function Section({ title, of, children }: { title: string; of?: number; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>
        {title}
        {of !== undefined && <span className={styles.count}>{count(of)}</span>}
      </h3>
      {children}
    </section>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** More would only be scrolled past, and cost the window. */
const mostColumns = 400;

function Columns({ columns }: { columns: TableDetails['columns'] }) {
  return (
    <>
      <table className={styles.columns}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">Key</th>
          </tr>
        </thead>
        <tbody>
          {columns.slice(0, mostColumns).map((column) => (
            <Fragment key={column.name}>
              <tr>
                <th scope="row" className="mono">
                  {oneLine(column.name)}
                </th>
                <td>
                  <span className="mono">{column.type}</span>
                  {!column.notNull && <span className={styles.soft}> or null</span>}
                  {column.expression && (
                    <div>
                      <span className={styles.soft}>= </span>
                      <PrintedText printed={column.expression} />
                    </div>
                  )}
                  {column.notes.length > 0 && <div className={styles.soft}>{column.notes.join(', ')}</div>}
                  {column.values && (
                    <div className={styles.soft}>
                      {column.values.slice(0, 20).map(oneLine).join(', ')}
                      {column.values.length > 20 && `, and ${column.values.length - 20} more`}
                    </div>
                  )}
                  {column.comment && <div className={styles.comment}>{column.comment}</div>}
                </td>
                <td>{[column.primary ? 'PK' : '', column.foreign ? 'FK' : ''].filter(Boolean).join(' ')}</td>
              </tr>
            </Fragment>
          ))}
        </tbody>
      </table>
      {columns.length > mostColumns && (
        <p className={styles.soft}>and {plural(columns.length - mostColumns, 'more column')}</p>
      )}
    </>
  );
}

function References({
  title,
  arrow,
  references,
  go,
}: {
  title: string;
  arrow: string;
  references: readonly DetailReference[];
  go: SectionsProps['go'];
}) {
  if (references.length === 0) return null;
  return (
    <Section title={title} of={references.length}>
      {references.map((reference) => (
        <Item key={`${reference.table} ${reference.name}`} name={reference.name} notes={reference.notes}>
          <span className="mono">{reference.columns.join(', ')}</span> {arrow}{' '}
          <GoTo name={reference.table} onGo={go(reference.oid)} />{' '}
          <span className="mono">({reference.otherColumns.join(', ')})</span>
        </Item>
      ))}
    </Section>
  );
}

function Links({
  title,
  links,
  go,
}: {
  title: string;
  links: readonly { oid: Oid; name: string }[];
  go: SectionsProps['go'];
}) {
  if (links.length === 0) return null;
  return (
    <Section title={title} of={links.length}>
      <ul className={styles.partitions}>
        {links.slice(0, 200).map((link) => (
          <li key={link.name}>
            <GoTo name={link.name} onGo={go(link.oid)} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function GoTo({ name, onGo }: { name: string; onGo: (() => void) | undefined }) {
  if (!onGo) return <span className="mono">{name}</span>;
  return (
    <button type="button" className={styles.go} onClick={onGo}>
      {oneLine(name)}
    </button>
  );
}

function Item({
  name,
  notes,
  bad = false,
  children,
}: {
  name: string;
  notes: readonly string[];
  bad?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={styles.item}>
      <div className={styles.itemHead}>
        <span className={`mono ${styles.itemName}`}>{oneLine(name)}</span>
        <span className={bad ? styles.bad : styles.soft}>{notes.filter(Boolean).join(' · ')}</span>
      </div>
      {children}
    </div>
  );
}

/** A text of the server, or why it is not there. */
function PrintedText({ printed, block = false }: { printed: Printed; block?: boolean }) {
  switch (printed.state) {
    case 'known':
      return block ? (
        <pre className={styles.block}>{printed.text}</pre>
      ) : (
        <code className={styles.definition}>{printed.text}</code>
      );
    case 'later':
      return <span className={styles.soft}>being read</span>;
    case 'waiting':
      return <span className={styles.soft}>waiting: the table is locked</span>;
    case 'hidden':
      return <span className={styles.soft}>not to be seen: {printed.why}</span>;
  }
}
