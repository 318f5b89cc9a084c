import { Checkbox, Loader, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Environment } from '../../preload/contract/environments.ts';
import type { MaintenanceAct, MaintenancePlan, RelationName } from '../../preload/contract/maintenance.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Explanation } from '../components/explanation.tsx';
import { bytes, plural } from '../components/format.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { visible } from '../migrations/words.ts';
import styles from './maintenance.module.css';
import { actKey, startUnderway } from './underway.ts';
import { actWords } from './words.ts';

export interface AskedAct {
  kind: MaintenanceAct['kind'];
  tables: readonly RelationName[];
}

interface ActDialogProps {
  environment: Environment;
  asked: AskedAct;
  onEnd: () => void;
  onClose: () => void;
}

/** Says what would be run, who may, and whom it waits for, and asks whether to. */
export function ActDialog({ environment, asked, onEnd, onClose }: ActDialogProps) {
  const { kind } = asked;
  const tables = [...asked.tables].map(({ schema, name }) => ({ schema, name }));
  const [analyze, setAnalyze] = useState(true);
  const [freeze, setFreeze] = useState(false);
  const [seconds, setSeconds] = useState(2);
  const act: MaintenanceAct =
    kind === 'vacuum'
      ? { kind, tables, analyze, freeze }
      : kind === 'vacuum-full'
        ? { kind, tables, analyze }
        : kind === 'reindex'
          ? { kind, tables, of: 'table' }
          : { kind, tables };
  const plan = useQuery({
    queryKey: ['maintenance', environment.id, 'plan', act],
    queryFn: ({ signal }) => client.maintenance.plan({ environment: environment.id, act }, { signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    placeholderData: (before) => before,
  });
  const what =
    tables.length === 1
      ? `${actWords[kind]} ${tables[0]?.schema}.${tables[0]?.name}`
      : `${actWords[kind]} ${plural(tables.length, 'table')}`;

  return (
    <ConfirmDialog
      title={`${visible(what)} on ${environment.name}`}
      environment={environment}
      action={actWords[kind]}
      destructive={kind === 'vacuum-full'}
      undo={undoWords[kind]}
      ready={plan.data?.refused.length === 0}
      onConfirm={async (confirm) => {
        const input = {
          environment: environment.id,
          tables,
          lockTimeoutMs: Math.round(seconds * 1000),
          ...(confirm === undefined ? {} : { confirm }),
        };
        await startUnderway({
          key: actKey(environment.id),
          environment: environment.id,
          title: what,
          view: 'vacuum',
          open: (signal) =>
            kind === 'vacuum'
              ? client.maintenance.vacuum({ ...input, analyze, freeze }, { signal })
              : kind === 'vacuum-full'
                ? client.maintenance.vacuumFull({ ...input, analyze }, { signal })
                : kind === 'reindex'
                  ? client.maintenance.reindex(input, { signal })
                  : client.maintenance.analyze(input, { signal }),
          onEnd,
        });
      }}
      onClose={onClose}
    >
      <div className={styles.options}>
        {(kind === 'vacuum' || kind === 'vacuum-full') && (
          <Checkbox
            label="Analyze too"
            checked={analyze}
            onChange={(event) => setAnalyze(event.currentTarget.checked)}
          />
        )}
        {kind === 'vacuum' && (
          <Checkbox
            label="Freeze all rows that can be"
            checked={freeze}
            onChange={(event) => setFreeze(event.currentTarget.checked)}
          />
        )}
        <NumberInput
          label="Longest wait for a lock, s"
          size="xs"
          w={180}
          min={0.1}
          max={600}
          value={seconds}
          onChange={(value) => setSeconds(typeof value === 'number' && value >= 0.1 ? value : 2)}
        />
      </div>
      {plan.isPending && (
        <p className={styles.soft}>
          <Loader size={14} /> Looking at what stands against it
        </p>
      )}
      {plan.isError && <Explanation explanation={explain(plan.error)} />}
      {plan.data && <PlanView plan={plan.data} />}
    </ConfirmDialog>
  );
}

const undoWords: Record<MaintenanceAct['kind'], string> = {
  vacuum: 'Nothing that anybody can see is changed, so there is nothing to undo. It can be stopped.',
  'vacuum-full':
    'Until it is through, nobody can read or write the table. Stopped, it leaves the table as it was.',
  analyze: 'The planner goes by the new statistics from then on; the old ones are gone. It can be stopped.',
  reindex: 'The new indexes take the place of the old ones. Stopped, it may leave one that is not valid.',
};

function PlanView({ plan }: { plan: MaintenancePlan }) {
  const { refused, warnings, statements, spaceBytes } = plan;
  return (
    <>
      {refused.length > 0 && (
        <ul className={`${styles.list} ${styles.refused}`} role="alert">
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
      {spaceBytes !== null && spaceBytes > 0 && (
        <p>It needs about {bytes(spaceBytes)} of disk besides while it runs.</p>
      )}
      <pre className={styles.statement} dir="auto">
        {visible(
          statements
            .slice(0, 20)
            .map(({ statement }) => `${statement};`)
            .join('\n'),
        )}
      </pre>
    </>
  );
}
