import type { LogEntry } from '../../../preload/contract/server-log.ts';
import { duration } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Fact, Facts, Section } from '../../components/inspector-parts.tsx';
import { Code } from '../parts.tsx';
import styles from '../view.module.css';
import { Level } from './columns.tsx';

/** One entry of the log with all that belongs to it. */
export function EntryInspector({ entry, onClose }: { entry: LogEntry; onClose: () => void }) {
  const { message, detail, hint, context, statement } = entry;
  return (
    <Inspector title={<Level level={entry.level} />} aside={entry.time} onClose={onClose}>
      <div className={styles.sections}>
        <Code text={message} label="Copy the message" />
        {detail && <p>{detail}</p>}
        {hint && <p>{hint}</p>}
        {statement && (
          <Section title="Statement">
            <Code text={statement} label="Copy the statement" />
          </Section>
        )}
        {context && (
          <Section title="Context">
            <Code text={context} label="Copy the context" />
          </Section>
        )}
        <Facts>
          {entry.durationMs !== null && <Fact label="Took">{duration(entry.durationMs)}</Fact>}
          {entry.sqlstate && <Fact label="SQLSTATE">{entry.sqlstate}</Fact>}
          {entry.database && <Fact label="Database">{entry.database}</Fact>}
          {entry.user && <Fact label="User">{entry.user}</Fact>}
          {entry.application && <Fact label="Application">{entry.application}</Fact>}
          {entry.client && <Fact label="Client">{entry.client}</Fact>}
          {entry.backendType && <Fact label="Process">{entry.backendType}</Fact>}
          {entry.pid !== null && <Fact label="pid">{entry.pid}</Fact>}
        </Facts>
      </div>
    </Inspector>
  );
}
