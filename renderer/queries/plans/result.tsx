import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { PlanFinding } from '../../../preload/contract/plan-model.ts';
import type { PlanAnswer } from '../../../preload/contract/plans.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { count, dateTime, duration, plural, shortCount, timeOfDay } from '../../components/format.ts';
import { Findings } from './findings.tsx';
import { NodeInspector } from './node-inspector.tsx';
import { PlanTree } from './plan-tree.tsx';
import styles from './plans.module.css';
import { Timeline } from './timeline.tsx';
import { originWords } from './words.ts';

/** One plan: what it took, what is wrong with it, and its nodes as a tree or as a timeline. */
export function Result({ answer }: { answer: PlanAnswer }) {
  const { plan } = answer;
  const [view, setView] = useState<'tree' | 'timeline'>('tree');
  const [chosen, setChosen] = useState<number | null>(null);
  const [opened, setOpened] = useState<number | null>(null);
  const byNode = useMemo(() => findingsByNode(plan.findings), [plan]);
  const node = opened === null ? undefined : plan.nodes[opened];

  const activate = (id: number | null): void => {
    setChosen(id);
    // An open drawer follows the keyboard.
    if (id !== null) setOpened((before) => (before === null ? null : id));
  };
  const open = (id: number): void => {
    setChosen(id);
    setOpened(id);
  };
  return (
    <section className={styles.result} aria-label="Plan">
      <div className={styles.summary}>
        <SegmentedControl
          aria-label="Show the plan as"
          value={view}
          onChange={(next) => setView(next === 'timeline' ? 'timeline' : 'tree')}
          data={[
            { value: 'tree', label: 'Tree' },
            { value: 'timeline', label: 'Timeline' },
          ]}
        />
        <Summary answer={answer} />
        <span className={styles.space} />
        <CopyButton text={answer.json} label="Copy the raw plan" />
      </div>
      {answer.origin.note && !plan.analyzed && <p className={styles.note}>{answer.origin.note}</p>}
      <div className={styles.panes}>
        <aside className={styles.side} aria-label={plural(plan.findings.length, 'finding')}>
          <Findings findings={plan.findings} chosen={chosen} onChoose={open} />
        </aside>
        <div className={styles.main}>
          {view === 'tree' ? (
            <PlanTree plan={plan} findings={byNode} chosen={chosen} onActive={activate} onOpen={open} />
          ) : (
            <Timeline plan={plan} chosen={chosen} onActive={activate} onOpen={open} />
          )}
        </div>
      </div>
      {node && (
        <NodeInspector
          plan={plan}
          node={node}
          findings={byNode.get(node.id) ?? []}
          onClose={() => setOpened(null)}
        />
      )}
    </section>
  );
}

function Summary({ answer }: { answer: PlanAnswer }) {
  const { plan, origin, at } = answer;
  const blocks = plan.nodes.reduce(
    (sum, { buffers }) => ({ hit: sum.hit + (buffers?.hit ?? 0), read: sum.read + (buffers?.read ?? 0) }),
    { hit: 0, read: 0 },
  );
  return (
    <>
      <span className={styles.origin} title={origin.note || undefined}>
        {originWords[origin.how]}
      </span>
      <span title={dateTime(at)}>{timeOfDay(at)}</span>
      {plan.analyzed && plan.executionMs !== null && (
        <Figure label="took" value={duration(plan.executionMs)} />
      )}
      {plan.planningMs !== null && <Figure label="planning" value={duration(plan.planningMs)} />}
      {plan.totalCost !== null && <Figure label="cost" value={count(Math.round(plan.totalCost))} />}
      {blocks.hit + blocks.read > 0 && (
        <Figure label="blocks" value={`${shortCount(blocks.hit)} hit, ${shortCount(blocks.read)} read`} />
      )}
      {plan.jit?.totalMs ? <Figure label="JIT" value={duration(plan.jit.totalMs)} /> : null}
      {plan.settings.length > 0 && (
        <span
          title={`Not at their defaults:\n${plan.settings.map(({ name, value }) => `${name} = ${value}`).join('\n')}`}
          className={styles.figure}
        >
          {plural(plan.settings.length, 'setting')}
        </span>
      )}
    </>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <span className={styles.figure}>
      {label} <b>{value}</b>
    </span>
  );
}

function findingsByNode(findings: readonly PlanFinding[]): ReadonlyMap<number, readonly PlanFinding[]> {
  const found = new Map<number, PlanFinding[]>();
  for (const finding of findings) {
    if (finding.node === null) continue;
    found.set(finding.node, [...(found.get(finding.node) ?? []), finding]);
  }
  return found;
}
