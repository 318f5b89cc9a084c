import { bytes, count, exactBytes } from '../../components/format.ts';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { explain } from '../../lib/errors.ts';
import type { DetailIndex } from './details/details.ts';
import { type IndexUse, instantOf, isUnused } from './facts-words.ts';
import styles from './inspector.module.css';
import { Item, Many, PrintedText } from './parts.tsx';
import { type TableName, useTableFacts } from './use-table-facts.ts';

/** A table's indexes, with what the server says of their size and use. */
export function Indexes({ indexes, of }: { indexes: readonly DetailIndex[]; of: TableName }) {
  const facts = useTableFacts(of, true);
  const uses = new Map(facts.data?.indexes.map((use) => [use.name, use]));
  const since = facts.data?.use?.countedSince ?? null;
  return (
    <>
      <Many items={indexes}>
        {(index) => (
          <Item
            key={index.name}
            name={index.name}
            notes={[index.method, ...index.notes]}
            bad={index.isBad}
            comment={index.comment}
          >
            {index.definition.state === 'known' ? (
              <PrintedText printed={index.definition} />
            ) : (
              <>
                <code className={styles.definition}>{index.columns}</code>{' '}
                {index.definition.state === 'waiting' && <PrintedText printed={index.definition} />}
              </>
            )}
            <Use use={uses.get(index.name)} keeps={index.keeps} since={since} />
          </Item>
        )}
      </Many>
      {facts.data?.problem && <p className={styles.soft}>Sizes: {facts.data.problem.what}</p>}
      {facts.isError && <p className={styles.soft}>Size and use: {explain(facts.error).what}</p>}
    </>
  );
}

interface UseProps {
  use: IndexUse | undefined;
  keeps: string;
  since: string | null;
}

function Use({ use, keeps, since }: UseProps) {
  if (!use) return null;
  const last = instantOf(use.lastScan);
  return (
    <p className={styles.soft}>
      {use.bytes !== null && (
        <>
          <span title={exactBytes(use.bytes)}>{bytes(use.bytes)}</span>
          {' · '}
        </>
      )}
      {use.scans === null ? (
        'use is not counted'
      ) : isUnused(use) ? (
        <Unused keeps={keeps} since={since} />
      ) : (
        <>
          {count(use.scans)} {use.scans === '1' ? 'scan' : 'scans'}
          {last !== undefined && (
            <>
              , last <TimeAgo at={last} />
            </>
          )}
        </>
      )}
    </p>
  );
}

/** An index that no query uses costs every write; one that keeps something unique has another purpose. */
export function Unused({ keeps, since }: { keeps: string; since: string | null }) {
  const at = instantOf(since);
  const words = (
    <>
      no scan
      {at === undefined ? (
        ' since the counters began'
      ) : (
        <>
          {' in '}
          <TimeAgo at={at} as="age" />
        </>
      )}
    </>
  );
  if (keeps)
    return (
      <>
        {words}, but it {keeps}
      </>
    );
  return (
    <span className={styles.notice}>
      <SeverityIcon severity="notice" size={13} />
      <span>{words}</span>
    </span>
  );
}
