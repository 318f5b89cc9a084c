import { type ReactNode, useState } from 'react';
import { oneLine } from '../../../preload/contract/diagram/scene/text.ts';
import type { Oid, Printed } from '../../../preload/contract/schema-model.ts';
import { count } from '../../components/format.ts';
import styles from './inspector.module.css';

/** Goes to another object; undefined when there is nothing to show of it. */
export type Go = (oid: Oid) => (() => void) | undefined;

interface ItemProps {
  name: string;
  notes: readonly string[];
  bad?: boolean;
  comment?: string | null;
  children?: ReactNode;
}

export function Item({ name, notes, bad = false, comment = null, children }: ItemProps) {
  const said = notes.filter(Boolean).join(' · ');
  return (
    <li className={styles.item}>
      <div className={styles.itemHead}>
        <bdi className={`mono ${styles.itemName}`} title={name}>
          {oneLine(name)}
        </bdi>
        {said && <span className={bad ? styles.bad : styles.soft}>{said}</span>}
      </div>
      {children}
      {comment && <p className={styles.comment}>{comment}</p>}
    </li>
  );
}

interface ManyProps<T> {
  items: readonly T[];
  /** More are drawn when they are asked for: few people scroll past so many. */
  most?: number;
  className?: string | undefined;
  children: (item: T) => ReactNode;
}

/** A list of which the first are drawn, and the rest on demand, some at a time. */
export function Many<T>({ items, most = 100, className, children }: ManyProps<T>) {
  const [shown, setShown] = useState(most);
  const left = items.length - shown;
  return (
    <>
      <ul className={`${styles.list} ${className ?? ''}`}>{items.slice(0, shown).map(children)}</ul>
      {left > 0 && <More left={left} onMore={() => setShown(shown + moreAtOnce)} />}
    </>
  );
}

export const moreAtOnce = 1000;

export function More({ left, onMore }: { left: number; onMore: () => void }) {
  return (
    <button type="button" className={styles.more} onClick={onMore}>
      {left <= moreAtOnce
        ? `Show the other ${count(left)}`
        : `Show ${count(moreAtOnce)} more of ${count(left)}`}
    </button>
  );
}

/** A name that leads to what bears it. */
export function GoTo({ name, onGo }: { name: string; onGo: (() => void) | undefined }) {
  if (!onGo) return <bdi className="mono">{oneLine(name)}</bdi>;
  return (
    <button type="button" className={styles.go} onClick={onGo}>
      <bdi>{oneLine(name)}</bdi>
    </button>
  );
}

/** A text of the server, or why it is not there. */
export function PrintedText({ printed, block = false }: { printed: Printed; block?: boolean }) {
  switch (printed.state) {
    case 'known':
      return block ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, and the keyboard must reach it.
        <pre className={styles.block} dir="auto" tabIndex={0}>
          {printed.text}
        </pre>
      ) : (
        <code className={styles.definition} dir="auto">
          {printed.text}
        </code>
      );
    case 'later':
      return <span className={styles.soft}>being read</span>;
    case 'waiting':
      return (
        <span className={styles.waiting} title="Somebody holds a lock on it. It is asked for again.">
          waiting for a lock
        </span>
      );
    case 'hidden':
      return <span className={styles.soft}>not to be seen: {printed.why}</span>;
  }
}
