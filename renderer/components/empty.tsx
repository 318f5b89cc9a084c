import type { ComponentType, ReactNode } from 'react';
import styles from './empty.module.css';

interface EmptyProps {
  icon?: ComponentType<{ size?: number | string; stroke?: number | string }>;
  title: string;
  /** What would be here, and how it gets here. */
  children?: ReactNode;
  actions?: ReactNode;
}

/** A screen or table with nothing in it, and what to do about that. */
export function Empty({ icon: Icon, title, children, actions }: EmptyProps) {
  return (
    <div className={styles.empty}>
      {Icon && (
        <span className={styles.icon} aria-hidden>
          <Icon size={24} stroke={1.5} />
        </span>
      )}
      <h2 className={styles.title}>{title}</h2>
      {children && <div className={styles.text}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
