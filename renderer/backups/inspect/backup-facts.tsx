import type { Backup, BackupDetails } from '../../../preload/contract/backups.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import {
  bytes,
  count,
  dateTime,
  duration,
  exactBytes,
  milliseconds,
  plural,
} from '../../components/format.ts';
import { Fact, Facts } from '../../components/inspector-parts.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { visible } from '../../migrations/words.ts';
import { madeByWords } from '../list/backup-columns.tsx';
import { kindWords } from '../words.ts';
import styles from './inspect.module.css';

interface BackupFactsProps {
  backup: Backup;
  /** Undefined while it is being read. */
  details: BackupDetails | undefined;
}

/** What a backup is, where it lies, and how it was made. */
export function BackupFacts({ backup, details }: BackupFactsProps) {
  const { at, database, format, durationMs, serverVersion, toolVersion, objects, sha256, path } = backup;
  return (
    <>
      <Facts>
        <Fact label="Made">
          {dateTime(at)}, <TimeAgo at={at} />
        </Fact>
        <Fact label="Database">
          {database === null
            ? format === 'globals'
              ? 'Roles and tablespaces'
              : 'Not known'
            : visible(database)}
        </Fact>
        <Fact label="Kind">{kindWords(backup)}</Fact>
        <Fact label="Size">
          <span title={exactBytes(backup.bytes)}>{bytes(backup.bytes)}</span>
        </Fact>
        {durationMs !== null && (
          <Fact label="Took">
            <span title={milliseconds(durationMs)}>{duration(durationMs)}</span>
          </Fact>
        )}
        <Fact label="Made by">{visible(madeByWords(backup))}</Fact>
        {serverVersion !== null && <Fact label="Server">PostgreSQL {visible(serverVersion)}</Fact>}
        {toolVersion !== null && <Fact label="Program">{visible(toolVersion)}</Fact>}
        {objects !== null && <Fact label="Objects">{count(objects)}</Fact>}
        {details?.manifest && <ManifestFacts manifest={details.manifest} />}
      </Facts>
      <Copied label="Path" text={path} />
      {sha256 !== null && <Copied label="SHA-256" text={sha256} />}
      {details?.command && <Copied label="Command" text={details.command} />}
      {details?.manifest?.recipient && <Copied label="Public key" text={details.manifest.recipient} />}
    </>
  );
}

/** What only the manifest beside it tells. */
function ManifestFacts({ manifest }: { manifest: NonNullable<BackupDetails['manifest']> }) {
  const { who, howdah, files, databaseBytes, counted, encryptedBy } = manifest;
  return (
    <>
      <Fact label="By">
        {visible(who)}, Howdah {visible(howdah)}
      </Fact>
      {files > 1 && <Fact label="Files">{count(files)}</Fact>}
      {databaseBytes !== null && (
        <Fact label="Database size">
          <span title={exactBytes(databaseBytes)}>{bytes(databaseBytes)}</span>
        </Fact>
      )}
      {counted && (
        <Fact label="Rows">
          {count(counted.rows)} in {plural(counted.tables, 'table')}
          {counted.hasChecksums && ', with checksums'}
        </Fact>
      )}
      {encryptedBy && (
        <Fact label="Opened by">{encryptedBy === 'key' ? 'The key of the keychain' : 'Its passphrase'}</Fact>
      )}
    </>
  );
}

interface CopiedProps {
  label: string;
  /** Said after the label. */
  note?: string | undefined;
  text: string;
}

/** A text that is copied rather than read. */
export function Copied({ label, note, text }: CopiedProps) {
  return (
    <div className={styles.copied}>
      <span className={styles.copiedLabel}>
        {label}
        {note && <span className={styles.soft}> {note}</span>}
      </span>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, and the keyboard must reach it. */}
      <pre className={styles.copiedText} dir="ltr" tabIndex={0}>
        {visible(text)}
      </pre>
      <CopyButton text={text} label={`Copy the ${label === 'SHA-256' ? label : label.toLowerCase()}`} />
    </div>
  );
}
