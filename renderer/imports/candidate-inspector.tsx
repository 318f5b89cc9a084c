import { Button, Checkbox } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { Finding } from '../../preload/contract/environments.ts';
import { plural } from '../components/format.ts';
import { Inspector } from '../components/inspector.tsx';
import { SeverityIcon } from '../components/severity-icon.tsx';
import styles from './candidate-inspector.module.css';
import { CompanionCommand } from './companion-command.tsx';
import { dropCorrections, setChosen } from './import-job.ts';
import { RowFields } from './row-fields.tsx';
import type { RowField } from './row-form.ts';
import { findingsOf, type ImportRow, originWords, runsCommand } from './rows.ts';

interface CandidateInspectorProps {
  row: ImportRow;
  /** Groups that are in use, to be offered. */
  groups: readonly string[];
  /** Where the focus is to go; a new object each time it is to go there. */
  focus: { field: RowField | 'other' } | undefined;
  onClose: () => void;
}

/** One connection found: what it is, what to know about it, and its fields to be corrected. */
export function CandidateInspector({ row, groups, focus, onClose }: CandidateInspectorProps) {
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!focus) return;
    const field = focus.field === 'other' ? 'name' : focus.field;
    const input = form.current?.querySelector<HTMLInputElement>(`[name="${field}"]`);
    input?.focus({ preventScroll: true });
    input?.scrollIntoView({ block: 'nearest' });
  }, [focus]);

  const { candidate, draft, corrections } = row;
  // What is wrong at a field is told there, and the command has a place of its own.
  const findings = findingsOf(row).filter(
    ({ id }) => id !== runsCommand && (!id.startsWith('field-') || id === 'field-other'),
  );
  return (
    <Inspector
      title={<bdi>{draft.name || 'No name'}</bdi>}
      onClose={onClose}
      footer={
        <>
          <Checkbox
            label="Add this one"
            checked={row.chosen}
            onChange={(event) => setChosen(row.key, event.currentTarget.checked)}
          />
          <span className={styles.space} />
          <Button
            leftSection={<IconArrowBackUp size={14} />}
            disabled={Object.keys(corrections).length === 0}
            onClick={() => dropCorrections(row)}
          >
            As it was found
          </Button>
        </>
      }
    >
      <div ref={form} className={styles.body}>
        <p className={styles.from}>
          From <bdi>{originWords(candidate)}</bdi>
        </p>
        <Findings key={row.key} findings={findings} />
        <CompanionCommand row={row} />
        <RowFields row={row} groups={groups} />
        <Further row={row} />
      </div>
    </Inspector>
  );
}

/** More than these are shown when asked for, so that the fields stay in sight. */
const shownAtFirst = 4;

function Findings({ findings }: { findings: readonly Finding[] }) {
  const [all, setAll] = useState(false);
  if (findings.length === 0) return null;
  const hidden = all ? 0 : Math.max(0, findings.length - shownAtFirst);
  return (
    <ul className={styles.findings}>
      {findings.slice(0, findings.length - hidden).map((finding, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two notes may be of one kind.
        <li key={`${finding.id} ${index}`}>
          <SeverityIcon severity={finding.severity} />
          <span dir="auto">{finding.text}</span>
        </li>
      ))}
      {hidden > 0 && (
        <li>
          <Button onClick={() => setAll(true)}>Show {plural(hidden, 'more note', 'more notes')}</Button>
        </li>
      )}
    </ul>
  );
}

/** What no field shows and is taken as it was found. */
function Further({ row: { draft } }: { row: ImportRow }) {
  const { parameters, tunnel, fromService } = draft.connection;
  const service = fromService?.length ? parameters.service : undefined;
  const facts: (readonly [string, string])[] = [];
  if (tunnel) {
    const { user, host, port, jump } = tunnel;
    const at = `${user ? `${user}@` : ''}${host}${port ? `:${port}` : ''}`;
    facts.push(['SSH tunnel', jump ? `${at} through ${jump}` : at]);
  }
  if (service !== undefined)
    facts.push(['From the service file', `${fromService?.join(', ')} of ${service}`]);
  const others = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  if (others.length > 0) facts.push(['Parameters', others.join('\n')]);
  if (facts.length === 0) return null;
  return (
    <section>
      <h3 className={styles.title}>Taken along as it is</h3>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code dir="auto">{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
