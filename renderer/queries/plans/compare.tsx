import { Button, Select } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Plan, PlanFinding, PlanNode } from '../../../preload/contract/plan-model.ts';
import type { KeptPlan, PlanAnswer } from '../../../preload/contract/plans.ts';
import { Explanation } from '../../components/explanation.tsx';
import { count, duration } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { type ComparedNode, comparePlans } from './compare-plans.ts';
import findingStyles from './findings.module.css';
import styles from './plans.module.css';
import treeStyles from './tree.module.css';
import { factorWords, keptWords, nodeWords, selfWords } from './words.ts';

interface CompareProps {
  environment: string;
  kept: readonly KeptPlan[];
  a: number;
  b: number;
  onChange: (a: number, b: number) => void;
  onClose: () => void;
}

/** Two kept plans side by side: what they took, where they differ, which findings are gone and which are new. */
export function Compare({ environment, kept, a, b, onChange, onClose }: CompareProps) {
  const one = usePlan(environment, a);
  const other = usePlan(environment, b);
  const options = kept.map((plan) => ({ value: String(plan.id), label: keptWords(plan) }));
  const problem = one.error ?? other.error;
  return (
    <section className={styles.result} aria-label="Comparison">
      <div className={styles.summary}>
        <Select
          label="A"
          className={styles.pick ?? ''}
          data={options}
          value={String(a)}
          allowDeselect={false}
          onChange={(next) => next && onChange(Number(next), b)}
        />
        <Select
          label="B"
          className={styles.pick ?? ''}
          data={options}
          value={String(b)}
          allowDeselect={false}
          onChange={(next) => next && onChange(a, Number(next))}
        />
        <Button variant="default" onClick={() => onChange(b, a)}>
          Swap
        </Button>
        <span className={styles.space} />
        <Button variant="subtle" color="gray" leftSection={<IconX size={14} />} onClick={onClose}>
          Close the comparison
        </Button>
      </div>
      {problem && (
        <div className={styles.problem}>
          <Explanation explanation={explain(problem)} />
        </div>
      )}
      {!problem && (!one.data || !other.data) && <Loading label="Loading the plans" rows={10} />}
      {one.data && other.data && <Differences a={one.data} b={other.data} />}
    </section>
  );
}

function usePlan(environment: string, id: number) {
  return useQuery({
    queryKey: ['plans', environment, 'one', id],
    queryFn: () => client.queries.plans.one({ environment, id }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const keyOf = ({ key }: ComparedNode): string => key;

function Differences({ a, b }: { a: PlanAnswer; b: PlanAnswer }) {
  const compared = useMemo(() => comparePlans(a.plan, b.plan), [a, b]);
  const columns = useMemo(() => columnsOf(a.plan, b.plan), [a, b]);
  return (
    <>
      <p className={styles.note}>
        {totalWords(a.plan, b.plan)}
        {a.text !== null && b.text !== null && a.text !== b.text && ' The statements differ.'}
      </p>
      <div className={styles.panes}>
        <aside className={styles.side} aria-label="Findings of both">
          <FindingNames title="Gone in B" findings={compared.gone} />
          <FindingNames title="New in B" findings={compared.fresh} />
          <FindingNames title="In both" findings={compared.stayed} />
          {compared.gone.length + compared.fresh.length + compared.stayed.length === 0 && (
            <p className={findingStyles.nothing}>Nothing stands out in either plan.</p>
          )}
        </aside>
        <div className={styles.main}>
          <DataTable
            name="plan-comparison"
            label="Nodes of both plans"
            columns={columns}
            rows={compared.nodes}
            keyOf={keyOf}
            sortable={false}
            noun="node"
            toneOf={({ change }) => (change === 'same' ? undefined : 'notice')}
          />
        </div>
      </div>
    </>
  );
}

function FindingNames({ title, findings }: { title: string; findings: readonly PlanFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <section className={findingStyles.group}>
      <h3>{title}</h3>
      <ul>
        {findings.map(({ kind, node, severity, what }) => (
          <li key={`${kind} ${node}`}>
            <SeverityIcon severity={severity} /> <span>{what}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What both took together, and by how much that differs. */
function totalWords(a: Plan, b: Plan): string {
  if (a.analyzed && b.analyzed && a.executionMs !== null && b.executionMs !== null) {
    const factor =
      Math.max(a.executionMs, b.executionMs) / Math.max(0.001, Math.min(a.executionMs, b.executionMs));
    const words =
      factor < 1.1
        ? 'about the same'
        : `B is ${factor.toFixed(1)} times ${b.executionMs < a.executionMs ? 'faster' : 'slower'}`;
    return `A took ${duration(a.executionMs)}, B ${duration(b.executionMs)}: ${words}.`;
  }
  if (a.totalCost === null || b.totalCost === null) return 'One of them has neither times nor costs.';
  const mixed = a.analyzed !== b.analyzed ? ' Only one of them was run.' : '';
  return `The planner’s cost: A ${count(Math.round(a.totalCost))}, B ${count(Math.round(b.totalCost))}.${mixed}`;
}

const changeWords: Record<ComparedNode['change'], string> = {
  same: '',
  changed: 'changed',
  gone: 'only in A',
  new: 'only in B',
};

function columnsOf(a: Plan, b: Plan): DataColumn<ComparedNode>[] {
  const rowsWords = (node: PlanNode | undefined): string =>
    node?.rowsPerLoop == null
      ? node?.estimatedRows == null
        ? ''
        : `~${count(Math.round(node.estimatedRows))}`
      : `${count(Math.round(node.rowsPerLoop))} ${factorWords(node)}`.trim();
  const side = (name: 'a' | 'b', plan: Plan, title: string): DataColumn<ComparedNode>[] => [
    {
      id: name,
      header: title,
      width: 240,
      grow: true,
      always: true,
      value: (row) => (row[name] ? nodeWords(row[name]) : ''),
      cell: (row) => (
        <span className={treeStyles.node}>
          <span
            style={{ width: Math.min(row.depth - 1, 24) * 10 }}
            className={treeStyles.indent}
            aria-hidden
          />
          {row[name] ? nodeWords(row[name]) : ''}
        </span>
      ),
    },
    {
      id: `${name}-self`,
      header: `${title}: own`,
      width: 80,
      align: 'end',
      value: (row) => row[name]?.selfShare,
      text: (row) => (row[name] ? selfWords(plan, row[name]) : ''),
    },
    {
      id: `${name}-rows`,
      header: `${title}: rows`,
      width: 96,
      align: 'end',
      value: (row) => row[name]?.rowsPerLoop,
      text: (row) => rowsWords(row[name]),
    },
  ];
  return [
    ...side('a', a, 'A'),
    ...side('b', b, 'B'),
    { id: 'change', header: 'Difference', width: 88, value: ({ change }) => changeWords[change] },
  ];
}
