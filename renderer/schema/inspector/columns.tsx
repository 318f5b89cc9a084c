import { useState } from 'react';
import { oneLine } from '../../../preload/contract/diagram/scene/text.ts';
import type { DetailColumn } from './details/details.ts';
import styles from './inspector.module.css';
import { type Go, GoTo, More, moreAtOnce, PrintedText } from './parts.tsx';

/** Columns that are drawn at first. */
const most = 200;

interface ColumnsProps {
  columns: readonly DetailColumn[];
  /** False for a view: nobody knows which of its columns may be null. */
  knowsNulls: boolean;
  go: Go;
}

/** A table's columns with their types, defaults and keys. */
export function Columns({ columns, knowsNulls, go }: ColumnsProps) {
  const [shown, setShown] = useState(most);
  const left = columns.length - shown;
  return (
    <>
      <table className={`${styles.table} ${styles.columns}`}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">Key</th>
          </tr>
        </thead>
        <tbody>
          {columns.slice(0, shown).map((column) => (
            <tr key={column.name}>
              <th scope="row" className="mono">
                <bdi>{oneLine(column.name)}</bdi>
              </th>
              <td>
                <Type column={column} mayBeNull={knowsNulls && !column.notNull} go={go} />
                {column.expression && (
                  <div>
                    <span className={styles.soft}>= </span>
                    <PrintedText printed={column.expression} />
                  </div>
                )}
                {column.notes.length > 0 && <div className={styles.soft}>{column.notes.join(', ')}</div>}
                {column.values && <Values values={column.values} />}
                {column.comment && <div className={styles.comment}>{column.comment}</div>}
              </td>
              <td className={styles.keyCell}>
                {column.primary && <abbr title="Primary key">PK</abbr>}
                {column.primary && column.foreign && ' '}
                {column.foreign && <abbr title="Foreign key">FK</abbr>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && <More left={left} onMore={() => setShown(shown + moreAtOnce)} />}
    </>
  );
}

function Type({ column, mayBeNull, go }: { column: DetailColumn; mayBeNull: boolean; go: Go }) {
  const onGo = column.typeOid === null ? undefined : go(column.typeOid);
  return (
    <>
      <GoTo name={column.type} onGo={onGo} />
      {mayBeNull && <span className={styles.soft}> or null</span>}
    </>
  );
}

const mostValues = 20;

function Values({ values }: { values: readonly string[] }) {
  return (
    <div className={styles.soft}>
      <bdi>{values.slice(0, mostValues).map(oneLine).join(', ')}</bdi>
      {values.length > mostValues && `, and ${values.length - mostValues} more`}
    </div>
  );
}
