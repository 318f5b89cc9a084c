import { NumberInput, Select } from '@mantine/core';
import type {
  Age,
  RetentionCandidate,
  RetentionTarget,
} from '../../../preload/contract/maintenance-retention.ts';
import styles from '../maintenance.module.css';
import { tableKey, targetFor, wantsEpoch } from './words.ts';

interface FieldsProps {
  target: RetentionTarget;
  candidates: readonly RetentionCandidate[];
  candidate: RetentionCandidate | undefined;
  onChange: (target: RetentionTarget) => void;
}

/** Of which table, how, and what is old. */
export function JobFields({ target, candidates, candidate, onChange }: FieldsProps) {
  const kinds = [
    ...(candidate?.kind === 'partitions' ? [{ value: 'partitions', label: 'Drop old partitions' }] : []),
    ...(candidate && candidate.functions.length > 0
      ? [{ value: 'function', label: `Call ${candidate.functions[0]?.name}` }]
      : []),
    { value: 'delete', label: 'Delete old rows in batches' },
  ];
  const chosen = candidate ? tableKey(candidate) : null;
  return (
    <>
      <Select
        label="Table"
        description="Those partitioned by range, and those with a column of time; the largest first."
        data={candidates.map((one) => ({ value: tableKey(one), label: tableKey(one) }))}
        value={chosen}
        searchable
        nothingFoundMessage="No such table"
        allowDeselect={false}
        onChange={(key) => {
          const next = candidates.find((one) => tableKey(one) === key);
          if (next) onChange(targetFor(next, next.kind));
        }}
      />
      <Select
        label="How"
        data={kinds}
        value={target.kind}
        allowDeselect={false}
        onChange={(kind) => {
          const next = kinds.find(({ value }) => value === kind)?.value as
            | RetentionTarget['kind']
            | undefined;
          if (next && candidate) onChange(targetFor(candidate, next));
        }}
      />
      {target.kind === 'function' ? (
        <Whole
          label="Days that stay"
          value={target.days}
          onChange={(days) => onChange({ ...target, days: days ?? target.days })}
        />
      ) : (
        <AgeFields age={target.keep} onChange={(keep) => onChange({ ...target, keep })} />
      )}
      {target.kind === 'delete' && (
        <Select
          label="Column of time"
          data={(candidate?.columns ?? []).map(({ name, indexed }) => ({
            value: name,
            label: indexed ? `${name} (indexed)` : name,
          }))}
          value={target.column}
          allowDeselect={false}
          onChange={(column) => column && onChange({ ...target, column })}
        />
      )}
      {target.kind !== 'function' && wantsEpoch(target, candidate) && (
        <Select
          label="What its numbers count since 1970"
          data={[
            { value: 's', label: 'Seconds' },
            { value: 'ms', label: 'Milliseconds' },
            { value: 'us', label: 'Microseconds' },
          ]}
          value={target.epoch}
          allowDeselect={false}
          onChange={(epoch) => onChange({ ...target, epoch: epoch as 's' | 'ms' | 'us' })}
        />
      )}
      {target.kind === 'partitions' && (
        <Select
          label="By"
          data={[
            { value: 'drop', label: 'Dropping them, under a short lock on the table' },
            { value: 'detach', label: 'Detaching them concurrently first (14 and later)' },
          ]}
          value={target.how}
          allowDeselect={false}
          onChange={(how) => onChange({ ...target, how: how === 'detach' ? 'detach' : 'drop' })}
        />
      )}
      {target.kind === 'delete' && (
        <div className={styles.halves}>
          <Whole
            label="Rows a batch"
            value={target.batch}
            most={1_000_000}
            onChange={(batch) => onChange({ ...target, batch: batch ?? target.batch })}
          />
          <Whole
            label="Pause between batches, ms"
            value={target.pauseMs}
            least={0}
            most={600_000}
            onChange={(pauseMs) => onChange({ ...target, pauseMs: pauseMs ?? target.pauseMs })}
          />
          <Whole
            label="Most rows a run"
            description="Empty: all that are old."
            value={target.most}
            most={1_000_000_000}
            onChange={(most) => onChange({ ...target, most })}
          />
        </div>
      )}
    </>
  );
}

function AgeFields({ age, onChange }: { age: Age; onChange: (age: Age) => void }) {
  return (
    <div className={styles.halves}>
      <Whole
        label="What stays"
        value={age.count}
        onChange={(count) => onChange({ ...age, count: count ?? age.count })}
      />
      <Select
        label="Of the last"
        data={['hours', 'days', 'weeks', 'months']}
        value={age.unit}
        allowDeselect={false}
        onChange={(unit) => onChange({ ...age, unit: (unit ?? age.unit) as Age['unit'] })}
      />
    </div>
  );
}

interface WholeProps {
  label: string;
  description?: string;
  value: number | null;
  least?: number;
  most?: number;
  onChange: (value: number | null) => void;
}

function Whole({ label, description, value, least = 1, most = 100_000, onChange }: WholeProps) {
  return (
    <NumberInput
      label={label}
      {...(description ? { description, inputWrapperOrder: ['label', 'input', 'description'] } : {})}
      min={least}
      max={most}
      clampBehavior="strict"
      allowDecimal={false}
      thousandSeparator=","
      value={value ?? ''}
      onChange={(next) => onChange(typeof next === 'number' && next >= least ? next : null)}
    />
  );
}
