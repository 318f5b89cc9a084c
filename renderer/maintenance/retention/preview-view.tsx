import { Loader } from '@mantine/core';
import type { RetentionPreview, RetentionTarget } from '../../../preload/contract/maintenance-retention.ts';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, count, dateTime, exactBytes, plural, shortCount } from '../../components/format.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../../migrations/words.ts';
import styles from '../maintenance.module.css';
import { usePreview } from './use-retention.ts';

interface PreviewProps {
  environment: string;
  target: RetentionTarget;
}

/** What a run would do now: how much goes, which partitions, by which statements, and what to know before. */
export function Preview({ environment, target }: PreviewProps) {
  const { data, error, isPending } = usePreview(environment, target);
  if (isPending)
    return (
      <p className={styles.soft}>
        <Loader size={14} /> Looking what would go
      </p>
    );
  if (error) return <Explanation explanation={explain(error)} />;
  return data ? <PreviewOf preview={data} /> : null;
}

function PreviewOf({ preview }: { preview: RetentionPreview }) {
  const { partitions, statements, plan, refused, warnings } = preview;
  return (
    <div className={styles.sections}>
      <Amount preview={preview} />
      {refused.length > 0 && (
        <ul className={`${styles.list} ${styles.refused}`}>
          {refused.map((why) => (
            <li key={why}>{visible(why)}</li>
          ))}
        </ul>
      )}
      {warnings.length > 0 && (
        <ul className={`${styles.list} ${styles.warnings}`}>
          {warnings.map((why) => (
            <li key={why}>{visible(why)}</li>
          ))}
        </ul>
      )}
      {partitions.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
        <ul className={styles.partitions} aria-label="Partitions" tabIndex={0}>
          {partitions.map(({ schema, name, bound, endsAt, goes, why, rows, bytes: size }) => (
            <li
              key={`${schema}.${name}`}
              className={styles.partition}
              data-goes={goes || undefined}
              title={`${bound ?? 'range not read'}: ${why}`}
            >
              <bdi>{visible(name)}</bdi>
              <span>{goes ? 'goes' : endsAt === null ? why : 'stays'}</span>
              <span className={styles.number} title={exactBytes(size)}>
                {rows === null ? bytes(size) : `${shortCount(rows)} rows`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {statements.length > 0 && (
        <pre className={styles.statement} dir="auto">
          {visible(statements.join(' '))}
        </pre>
      )}
      {plan !== null && (
        <details>
          <summary className={styles.soft}>The plan of a batch</summary>
          <pre className={styles.statement} dir="auto">
            {plan}
          </pre>
        </details>
      )}
    </div>
  );
}

function Amount({ preview }: { preview: RetentionPreview }) {
  const { cutoff, partitions, rows, exact, bytes: size } = preview;
  const goes = partitions.filter((one) => one.goes).length;
  return (
    <p>
      {partitions.length > 0 ? (
        <b>
          {plural(goes, 'partition')} of {count(partitions.length)}
          {goes === 1 ? ' goes' : ' go'}
        </b>
      ) : rows === null ? (
        <b>How many rows go is not known</b>
      ) : (
        <b>
          {exact ? '' : 'About '}
          {plural(Math.round(rows), 'row')} {rows === 1 ? 'goes' : 'go'}
        </b>
      )}
      {partitions.length > 0 && rows !== null && goes > 0 && ` with about ${plural(Math.round(rows), 'row')}`}
      {size !== null && size > 0 && `, ${bytes(size)}`}: older than{' '}
      <time dateTime={new Date(cutoff).toISOString()}>{dateTime(cutoff)}</time>.
      {!exact && partitions.length === 0 && rows !== null && (
        <span className={styles.soft}> Counting took too long, so this is the planner’s estimate.</span>
      )}
    </p>
  );
}
