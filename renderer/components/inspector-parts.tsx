import { type ReactNode, useState } from 'react';
import { count } from './format.ts';
import styles from './inspector-parts.module.css';

/** Titles of sections that somebody folded: they stay so from one object to the next. */
const folded = new Set<string>();

interface SectionProps {
  title: string;
  /** How many there are. */
  of?: number;
  aside?: ReactNode;
  children: ReactNode;
}

/** A part of the inspector that can be folded away. */
export function Section({ title, of, aside, children }: SectionProps) {
  const [isOpen, setOpen] = useState(!folded.has(title));
  return (
    <details
      className={styles.section}
      open={isOpen}
      onToggle={(event) => {
        const { open } = event.currentTarget;
        if (open) folded.delete(title);
        else folded.add(title);
        setOpen(open);
      }}
    >
      <summary className={styles.summary}>
        <h3 className={styles.heading}>
          {title}
          {of !== undefined && <span className={styles.count}>{count(of)}</span>}
        </h3>
      </summary>
      {isOpen && (
        <div className={styles.content}>
          {children}
          {aside}
        </div>
      )}
    </details>
  );
}

/** Names and values, two columns of them. */
export function Facts({ className, children }: { className?: string | undefined; children: ReactNode }) {
  return <dl className={`${styles.facts} ${className ?? ''}`}>{children}</dl>;
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd dir="auto">{children}</dd>
    </>
  );
}
