import { Button, Kbd, SegmentedControl, Textarea } from '@mantine/core';
import { IconPlayerPlay, IconReportSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { longestPaste } from '../../../preload/contract/plans.ts';
import { LogSource } from './log-source.tsx';
import { OpenFile } from './open-file.tsx';
import styles from './plans.module.css';

export type SourceKind = 'statement' | 'plan' | 'log';

interface SourceProps {
  environment: string;
  kind: SourceKind;
  onKind: (kind: SourceKind) => void;
  text: string;
  onText: (text: string) => void;
  pasted: string;
  onPasted: (text: string) => void;
  /** Why nothing can be asked of the server now. */
  offline: string | undefined;
  busy: boolean;
  /** Nothing is shown below. */
  alone: boolean;
  onExplain: () => void;
  onAnalyze: () => void;
  onRead: (text: string) => void;
  /** What is asked, said or under way, below the buttons. */
  children: ReactNode;
}

/** Where the plan comes from: a statement to be planned, a plan somebody has, or a log. */
export function Source(props: SourceProps) {
  const { kind, onKind, alone } = props;
  return (
    <section className={styles.source} data-alone={alone || undefined} aria-label="Source of the plan">
      {kind === 'statement' && <Statement {...props} />}
      {kind === 'plan' && <Pasted {...props} />}
      {kind === 'log' && <LogSource environment={props.environment} onRead={props.onRead} />}
      {kind !== 'statement' && (
        <span className="visually-hidden" aria-live="polite">
          {kind === 'plan' ? 'Paste a plan' : 'Read a log'}
        </span>
      )}
      {props.children}
      {alone && kind === 'statement' && <Hint onKind={onKind} />}
    </section>
  );
}

/** The three sources, for the head line. */
export function SourceChoice({ kind, onKind }: Pick<SourceProps, 'kind' | 'onKind'>) {
  return (
    <SegmentedControl
      aria-label="Source"
      value={kind}
      onChange={(next) => onKind(next as SourceKind)}
      data={[
        { value: 'statement', label: 'Statement' },
        { value: 'plan', label: 'Plan' },
        { value: 'log', label: 'Log' },
      ]}
    />
  );
}

function Statement({ text, onText, offline, busy, onExplain, onAnalyze }: SourceProps) {
  const ready = text.trim() !== '' && !offline && !busy;
  return (
    <>
      <Textarea
        aria-label="Statement"
        placeholder="SELECT …"
        classNames={{ input: styles.editor ?? '' }}
        autosize
        minRows={3}
        maxRows={8}
        value={text}
        spellCheck={false}
        data-plan-editor
        onChange={(event) => onText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !ready) return;
          event.preventDefault();
          onExplain();
        }}
      />
      <div className={styles.line}>
        <Button
          variant="filled"
          leftSection={<IconReportSearch size={14} />}
          disabled={!ready}
          onClick={onExplain}
          title={offline ?? 'Plans it without running it'}
        >
          Explain
        </Button>
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={14} />}
          disabled={!ready}
          onClick={onAnalyze}
          title={offline ?? 'Runs it in a transaction that is rolled back'}
        >
          Explain and run…
        </Button>
        {offline && <span className={styles.note}>{offline}</span>}
      </div>
    </>
  );
}

function Pasted({ pasted, onPasted, busy, onRead }: SourceProps) {
  return (
    <>
      <Textarea
        aria-label="Plan"
        placeholder="What EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) printed, or its text format"
        classNames={{ input: styles.editor ?? '' }}
        rows={6}
        maxLength={longestPaste}
        value={pasted}
        spellCheck={false}
        onChange={(event) => onPasted(event.currentTarget.value)}
      />
      <div className={styles.line}>
        <Button
          variant="filled"
          leftSection={<IconReportSearch size={14} />}
          disabled={pasted.trim() === '' || busy}
          onClick={() => onRead(pasted)}
        >
          Read the plan
        </Button>
        <OpenFile label="Open a plan…" onText={onRead} />
      </div>
    </>
  );
}

function Hint({ onKind }: Pick<SourceProps, 'onKind'>) {
  return (
    <p className={styles.hint}>
      Type a statement and press <Kbd>Ctrl</Kbd> <Kbd>Enter</Kbd>, choose one from Statements, or{' '}
      <Button variant="transparent" px={0} onClick={() => onKind('plan')}>
        paste a plan
      </Button>
    </p>
  );
}
