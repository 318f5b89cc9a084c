import { Button } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { RestorePlan } from '../../../preload/contract/backups.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, exactBytes, plural } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { visible } from '../../migrations/words.ts';
import styles from './plan.module.css';
import type { Planned, PlanState } from './use-plan.ts';

interface PlanViewProps {
  state: PlanState;
  /** What has to be said first. */
  lacking: string | undefined;
}

/** What a restore will do, what is lost by it, and why it would be refused; as far as it is known by now. */
export function PlanView({ state: { planned, isCurrent, problem, again }, lacking }: PlanViewProps) {
  return (
    <section className={styles.plan} aria-label="Plan" aria-busy={!isCurrent && !lacking && !problem}>
      <div className={styles.head}>
        <h3 className={styles.heading}>Plan</h3>
        <span className={styles.state} role="status">
          {lacking ?? (problem ? '' : isCurrent ? summary(planned?.plan) : 'Working it out')}
        </span>
      </div>
      {problem && (
        <Explanation
          explanation={problem}
          // A passphrase may be meant, and is not given yet.
          severity={problem.cause === 'key-missing' ? 'notice' : 'bad'}
          actions={<Button onClick={again}>Look again</Button>}
        />
      )}
      {!problem && planned && (
        <div className={styles.parts} data-old={!isCurrent || undefined}>
          <Parts plan={planned.plan} more={narrowed(planned)} />
        </div>
      )}
      {!problem && !planned && !lacking && <Loading label="Working out the plan" rows={8} />}
    </section>
  );
}

const summary = (plan: RestorePlan | undefined): string =>
  !plan
    ? ''
    : plan.faults.length > 0
      ? `Refused: ${plural(plan.faults.length, 'fault')}`
      : plan.losses.length > 0
        ? 'Something that is there goes or moves'
        : 'Nothing that is there is lost';

/** What a choice of entries means where a whole database is replaced by it. */
const narrowed = ({ options: { only, mode, database } }: Planned): string[] =>
  only && (mode === 'swap' || mode === 'recreate')
    ? [
        `What takes the place of ${database} has the chosen ${plural(only.length, 'entry', 'entries')} and nothing else. To restore them into the present database, use the mode “Clean”.`,
      ]
    : [];

function Parts({ plan, more }: { plan: RestorePlan; more: readonly string[] }) {
  const { faults, losses, steps, commands, tools, freeBytes } = plan;
  const warnings = [...more, ...plan.warnings];
  return (
    <>
      {faults.map((fault) => (
        <Explanation key={`${fault.cause} ${fault.what}`} explanation={fault} />
      ))}
      {losses.length > 0 && (
        <Box tone="bad" icon={<IconTrash size={16} aria-hidden />} title="What is there now">
          {losses}
        </Box>
      )}
      {warnings.length > 0 && (
        <Box
          tone="warning"
          icon={<IconAlertTriangle size={16} aria-hidden />}
          title={plural(warnings.length, 'warning')}
        >
          {warnings}
        </Box>
      )}
      <ol className={styles.steps} aria-label="Steps">
        {steps.map((step) => (
          <li key={step}>{visible(step)}</li>
        ))}
      </ol>
      <p className={styles.facts}>
        <IconInfoCircle size={14} aria-hidden />
        <span>
          By the programs {tools.version}, {tools.source}, <bdi>{tools.where}</bdi>.{' '}
          {freeBytes === null ? (
            'How much room the server has can’t be seen.'
          ) : (
            <span title={exactBytes(freeBytes)}>{bytes(freeBytes)} are free on the server.</span>
          )}
        </span>
      </p>
      <h4 className={styles.subheading}>{commands.length === 1 ? 'Command' : 'Commands'}</h4>
      {commands.map((command) => (
        <div key={command} className={styles.command}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, and the keyboard must reach it. */}
          <pre className={styles.commandText} tabIndex={0} dir="ltr">
            {visible(command)}
          </pre>
          <CopyButton text={command} label="Copy the command" />
        </div>
      ))}
    </>
  );
}

interface BoxProps {
  tone: 'bad' | 'warning';
  icon: ReactNode;
  title: string;
  children: readonly string[];
}

function Box({ tone, icon, title, children }: BoxProps) {
  return (
    <section className={styles.box} data-tone={tone} aria-label={title}>
      <h4 className={styles.boxTitle}>
        {icon} {title}
      </h4>
      <ul className={styles.sentences}>
        {children.map((sentence) => (
          <li key={sentence}>{visible(sentence)}</li>
        ))}
      </ul>
    </section>
  );
}
