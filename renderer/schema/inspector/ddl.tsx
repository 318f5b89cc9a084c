import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { CopyButton } from '../../components/copy-button.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Loading } from '../../components/loading.tsx';
import { explain } from '../../lib/errors.ts';
import { fileName, saveBlob } from '../save-blob.ts';
import styles from './inspector.module.css';
import { type TableName, useTableDdl } from './use-table-facts.ts';

/** The statements that would make it anew, with all that belongs to it. */
export function Ddl({ of, version }: { of: TableName; version: number | undefined }) {
  const ddl = useTableDdl(of, version);
  if (ddl.isError) {
    return (
      <Explanation
        explanation={explain(ddl.error)}
        compact
        actions={<Button onClick={() => void ddl.refetch()}>Try again</Button>}
      />
    );
  }
  if (!ddl.data) return <Loading label="Writing the DDL" rows={10} />;
  const { text } = ddl.data;
  return (
    <div className={styles.sections}>
      <div className={styles.bar}>
        <CopyButton text={text} label="Copy the DDL" withLabel />
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconDownload size={14} />}
          onClick={() =>
            saveBlob(
              fileName(`${of.schema}.${of.table}`, 'sql'),
              new Blob([text], { type: 'application/sql' }),
            )
          }
        >
          Save as a file
        </Button>
      </div>
      {text.trim() === '' ? (
        <p className={styles.soft}>There is nothing to write: it came with an extension.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is selected and scrolled by keys.
        <pre className={`${styles.block} ${styles.ddl}`} tabIndex={0}>
          {text}
        </pre>
      )}
    </div>
  );
}
