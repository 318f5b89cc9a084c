import { oneLine } from '../../../preload/contract/diagram/scene/text.ts';
import { count } from '../../components/format.ts';
import { Fact, Facts, Section } from '../../components/inspector-parts.tsx';
import { AccessSections } from './access.tsx';
import { Columns } from './columns.tsx';
import type { DetailLink, DetailReference, ObjectDetails, TableParts } from './details/details.ts';
import { Indexes } from './indexes.tsx';
import styles from './inspector.module.css';
import { Partitions } from './partitions.tsx';
import { type Go, GoTo, Item, Many, PrintedText } from './parts.tsx';
import type { TableName } from './use-table-facts.ts';

interface StructureProps {
  details: ObjectDetails;
  /** Of a table: what the server is asked about. */
  of: TableName | undefined;
  go: Go;
}

/** What an object is made of, and what it has to do with others. */
export function Structure({ details, of, go }: StructureProps) {
  const { table } = details;
  return (
    <div className={styles.sections}>
      {details.comment && <p className={styles.about}>{details.comment}</p>}
      <Summary details={details} go={go} />
      {details.values.length > 0 && <Values values={details.values} />}
      {details.attributes.length > 0 && <Attributes attributes={details.attributes} />}
      {table && table.columns.length > 0 && (
        <Section title="Columns" of={table.columns.length}>
          <Columns
            columns={table.columns}
            knowsNulls={table.kind !== 'view' && table.kind !== 'materialized-view'}
            go={go}
          />
        </Section>
      )}
      <Keys title="Keys and checks" keys={table?.keys ?? details.checks} />
      {table && of && <TableSections table={table} of={of} go={go} />}
      <Links title={details.what === 'type' ? 'Used by columns' : 'Used by'} links={details.usedBy} go={go} />
      <Links title="Uses" links={details.uses} go={go} />
      {details.definition && (
        <Section title="Definition">
          <PrintedText printed={details.definition} block />
        </Section>
      )}
      {!table && <AccessSections details={details} />}
    </div>
  );
}

function Summary({ details, go }: { details: ObjectDetails; go: Go }) {
  const { table } = details;
  return (
    <Facts>
      <Fact label="Kind">
        {details.kind} in <bdi className="mono">{oneLine(details.schema)}</bdi>
      </Fact>
      <Fact label="Owner">
        <bdi>{details.owner}</bdi>
      </Fact>
      {table && table.kind !== 'view' && (
        <Fact label="Rows, estimated">
          {table.estimatedRows < 0 ? 'never counted' : count(Math.round(table.estimatedRows))}
        </Fact>
      )}
      {table?.parent && (
        <Fact label="Partition of">
          <GoTo name={table.parent.name} onGo={go(table.parent.oid)} />
        </Fact>
      )}
      {table?.partitionBound && (
        <Fact label="Takes">
          <PrintedText printed={table.partitionBound} />
        </Fact>
      )}
      {table?.partitionKey && (
        <Fact label="Partitioned by">
          <PrintedText printed={table.partitionKey} />
        </Fact>
      )}
      {details.facts.map(({ label, value }) => (
        <Fact key={label} label={label}>
          {value}
        </Fact>
      ))}
    </Facts>
  );
}

function TableSections({ table, of, go }: { table: TableParts; of: TableName; go: Go }) {
  return (
    <>
      <References title="Refers to" arrow="→" references={table.foreignKeys} go={go} />
      <References title="Referred to by" arrow="←" references={table.referencedBy} go={go} />
      {table.indexes.length > 0 && (
        <Section title="Indexes" of={table.indexes.length}>
          <Indexes indexes={table.indexes} of={of} />
        </Section>
      )}
      {table.triggers.length > 0 && (
        <Section title="Triggers" of={table.triggers.length}>
          <Many items={table.triggers}>
            {(trigger) => (
              <Item key={trigger.name} name={trigger.name} notes={trigger.notes}>
                {trigger.calls && (
                  <p>
                    calls <GoTo name={trigger.calls.name} onGo={go(trigger.calls.oid)} />
                  </p>
                )}
                <PrintedText printed={trigger.definition} />
              </Item>
            )}
          </Many>
        </Section>
      )}
      {table.partitions.length > 0 && (
        <Section title="Partitions" of={table.partitions.length}>
          <Partitions partitions={table.partitions} of={of} go={go} />
        </Section>
      )}
    </>
  );
}

function Values({ values }: { values: readonly string[] }) {
  return (
    <Section title="Values" of={values.length}>
      <ol className={styles.values}>
        {values.map((value) => (
          <li key={value}>
            <bdi className="mono">{oneLine(value)}</bdi>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Attributes({ attributes }: { attributes: ObjectDetails['attributes'] }) {
  return (
    <Section title="Attributes" of={attributes.length}>
      <Many items={attributes}>
        {({ name, type, comment }) => <Item key={name} name={name} notes={[type]} comment={comment} />}
      </Many>
    </Section>
  );
}

function Keys({ title, keys }: { title: string; keys: ObjectDetails['checks'] }) {
  if (keys.length === 0) return null;
  return (
    <Section title={title} of={keys.length}>
      <Many items={keys}>
        {(key) => (
          <Item key={key.name} name={key.name} notes={[key.kind, ...key.notes]} comment={key.comment}>
            {key.definition.state === 'known' || key.columns.length === 0 ? (
              <PrintedText printed={key.definition} />
            ) : (
              <>
                <code className={styles.definition}>{key.columns.join(', ')}</code>{' '}
                {key.definition.state === 'waiting' && <PrintedText printed={key.definition} />}
              </>
            )}
          </Item>
        )}
      </Many>
    </Section>
  );
}

interface ReferencesProps {
  title: string;
  arrow: string;
  references: readonly DetailReference[];
  go: Go;
}

function References({ title, arrow, references, go }: ReferencesProps) {
  if (references.length === 0) return null;
  return (
    <Section title={title} of={references.length}>
      <Many items={references}>
        {(reference) => (
          <Item key={`${reference.table} ${reference.name}`} name={reference.name} notes={reference.notes}>
            <bdi className="mono">{reference.columns.map(oneLine).join(', ')}</bdi> {arrow}{' '}
            <GoTo name={reference.table} onGo={go(reference.oid)} />{' '}
            <bdi className="mono">({reference.otherColumns.map(oneLine).join(', ')})</bdi>
          </Item>
        )}
      </Many>
    </Section>
  );
}

function Links({ title, links, go }: { title: string; links: readonly DetailLink[]; go: Go }) {
  if (links.length === 0) return null;
  return (
    <Section title={title} of={links.length}>
      <Many items={links}>
        {(link) => (
          <li key={`${link.oid} ${link.name}`}>
            <GoTo name={link.name} onGo={go(link.oid)} />
          </li>
        )}
      </Many>
    </Section>
  );
}
