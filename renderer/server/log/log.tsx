import { Button, SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { IconFileText, IconPlayerPlay, IconSearch } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import type { Log as Found, LogEntry } from '../../../preload/contract/server-log.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, duration, plural } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { ViewProps } from '../../shell/room-props.ts';
import { Limits } from '../parts.tsx';
import styles from '../view.module.css';
import { entryColumns, errorColumns, severityOf, slowColumns } from './columns.tsx';
import { EntryInspector } from './entry-inspector.tsx';
import { groupErrors, groupSlow } from './groups.ts';
import { type LogChoice, useLog } from './use-log.ts';

type Shape = 'entries' | 'errors' | 'slow';
type Levels = 'all' | 'warnings' | 'errors';

const keyOf = ({ offset }: LogEntry): string => String(offset);
const toneOf = ({ level }: LogEntry): string | undefined => severityOf(level);
const newestFirst = [{ id: 'at', desc: true }];

/** The server's log from its end: entries, errors by kind, slow statements by what they do. */
export default function Log({ environment, status, choice }: ViewProps) {
  const [chosen, setChosen] = useState<LogChoice>({});
  const [follows, setFollows] = useState(true);
  const [shape, setShape] = useState<Shape>('entries');
  const [levels, setLevels] = useState<Levels>('all');
  const [words, setWords] = useState('');
  const [opened, setOpened] = useState<LogEntry>();
  const { log, entries, problem, isReading, hasOlder, older } = useLog(
    environment.id,
    chosen,
    follows,
    String(status.state === 'connected'),
  );
  const rows = useMemo(() => narrowed(entries, levels, words), [entries, levels, words]);
  const errors = useMemo(() => (shape === 'errors' ? groupErrors(rows) : []), [shape, rows]);
  const slow = useMemo(() => (shape === 'slow' ? groupSlow(rows) : []), [shape, rows]);
  const open = useCallback((entry: LogEntry) => setOpened(entry), []);
  usePaletteActions(
    useMemo(
      () => [
        {
          id: 'server log errors',
          label: 'Group the log’s errors',
          detail: 'Server',
          icon: IconFileText,
          run: () => setShape('errors'),
        },
        {
          id: 'server log slow',
          label: 'Group the log’s slow statements',
          detail: 'Server',
          icon: IconFileText,
          run: () => setShape('slow'),
        },
        {
          id: 'server log follow',
          label: follows ? 'Stop following the log' : 'Follow the log',
          detail: 'Server',
          icon: IconPlayerPlay,
          run: () => setFollows(!follows),
        },
      ],
      [follows],
    ),
  );
  return (
    <div className={styles.view}>
      <div className={styles.head}>
        {choice}
        <SegmentedControl
          aria-label="Shape"
          value={shape}
          onChange={(next) => setShape(next as Shape)}
          data={[
            { value: 'entries', label: 'Messages' },
            { value: 'errors', label: 'Errors by kind' },
            { value: 'slow', label: 'Slow statements' },
          ]}
        />
        <TextInput
          data-filter
          className={styles.search ?? ''}
          placeholder="Search"
          aria-label="Search in messages and statements"
          leftSection={<IconSearch size={14} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        {shape === 'entries' && (
          <SegmentedControl
            aria-label="Levels"
            value={levels}
            onChange={(next) => setLevels(next as Levels)}
            data={[
              { value: 'all', label: 'All' },
              { value: 'warnings', label: 'Warnings' },
              { value: 'errors', label: 'Errors' },
            ]}
          />
        )}
        <span className={styles.space} />
        <Switch
          label="Follow"
          checked={follows}
          onChange={(event) => setFollows(event.currentTarget.checked)}
        />
      </div>
      <Which
        log={log}
        chosen={chosen}
        onChoose={setChosen}
        hasOlder={hasOlder}
        isReading={isReading}
        onOlder={older}
      />
      {problem && (
        <div className={styles.limits}>
          <Explanation explanation={problem} severity={log ? 'warning' : 'bad'} compact />
        </div>
      )}
      {log && <Limits limits={log.limits} />}
      {log?.rotatedTo && (
        <div className={styles.limits}>
          <Explanation
            compact
            severity="notice"
            explanation={{
              cause: 'log-rotated',
              what: `The server goes on in ${log.rotatedTo}.`,
              why: '',
              next: '',
            }}
            actions={<Button onClick={() => setChosen({})}>Follow it there</Button>}
          />
        </div>
      )}
      {!log && !problem && <Loading label="Loading the log" rows={14} />}
      {log && log.file !== null && (
        <div className={styles.table}>
          {shape === 'entries' && (
            <DataTable
              name="server-log"
              label="Log"
              noun="message"
              columns={entryColumns}
              rows={rows}
              keyOf={keyOf}
              toneOf={toneOf}
              sorting={newestFirst}
              live={follows}
              filterSignature={`${levels} ${words} ${log.file}`}
              onOpen={open}
              onActive={(row) => row && opened && open(row)}
              empty={<Empty title="No message of what has been read is like that" />}
              note={log.unread > 0 ? `${plural(log.unread, 'line')} of another form left out` : undefined}
            />
          )}
          {shape === 'errors' && (
            <DataTable
              name="server-log-errors"
              label="Errors by kind"
              noun="kind"
              columns={errorColumns}
              rows={errors}
              keyOf={({ key }) => key}
              onOpen={({ example }) => setOpened(example)}
              empty={<Empty title="No errors in what has been read" />}
            />
          )}
          {shape === 'slow' && (
            <DataTable
              name="server-log-slow"
              label="Slow statements"
              noun="statement"
              columns={slowColumns}
              rows={slow}
              keyOf={({ key }) => key}
              onOpen={({ example }) => setOpened(example)}
              empty={
                <Empty
                  title={
                    log.slowFrom === null
                      ? 'The server logs no durations: log_min_duration_statement is off'
                      : `No statement of what has been read took ${duration(log.slowFrom)} or more`
                  }
                />
              }
            />
          )}
        </div>
      )}
      {opened && <EntryInspector entry={opened} onClose={() => setOpened(undefined)} />}
    </div>
  );
}

function narrowed(entries: readonly LogEntry[], levels: Levels, words: string): LogEntry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    if (levels === 'errors' && !/ERROR|FATAL|PANIC/.test(entry.level ?? '')) return false;
    if (levels === 'warnings' && severityOf(entry.level) === undefined) return false;
    if (wanted.length === 0) return true;
    const text = [
      entry.message,
      entry.statement,
      entry.detail,
      entry.user,
      entry.database,
      entry.application,
      entry.sqlstate,
    ]
      .join(' ')
      .toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

interface WhichProps {
  log: Found | undefined;
  chosen: LogChoice;
  onChoose: (choice: LogChoice) => void;
  hasOlder: boolean;
  isReading: boolean;
  onOlder: () => void;
}

/** Which file is read and how much of it; a file of this machine can be opened by its path. */
function Which({ log, chosen, onChoose, hasOlder, isReading, onOlder }: WhichProps) {
  const [path, setPath] = useState(chosen.path ?? '');
  const files = log?.files ?? [];
  return (
    <div className={styles.head}>
      {files.length > 0 && (
        <Select
          className={styles.pick ?? ''}
          aria-label="File"
          data={files.map(({ name, bytes: size, current }) => ({
            value: name,
            label: `${name} · ${bytes(size)}${current ? ' · now' : ''}`,
          }))}
          value={log?.file ?? null}
          onChange={(file) => onChoose(file ? { file } : {})}
          comboboxProps={{ width: 340, position: 'bottom-start' }}
        />
      )}
      {log && log.file !== null && (
        <span className={styles.soft}>
          {bytes(log.to - log.from)} of {bytes(log.bytes)} read, {log.format}
          {log.slowFrom !== null && `, statements from ${duration(log.slowFrom)} on`}
        </span>
      )}
      {hasOlder && (
        <Button onClick={onOlder} loading={isReading}>
          Read older
        </Button>
      )}
      <span className={styles.space} />
      <form
        className={styles.mark}
        onSubmit={(event) => {
          event.preventDefault();
          onChoose(path.trim() ? { path: path.trim() } : {});
        }}
      >
        <TextInput
          aria-label="Path of a log file on this machine"
          placeholder="A file on this machine: its path"
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
          style={{ width: 260 }}
        />
        <Button type="submit">
          {chosen.path !== undefined && path.trim() === '' ? 'Back to the server’s' : 'Open'}
        </Button>
      </form>
    </div>
  );
}
