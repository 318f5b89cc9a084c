import { useMemo } from 'react';
import type { Plan, PlanFinding, PlanNode } from '../../../preload/contract/plan-model.ts';
import { count, milliseconds, percent, shortCount } from '../../components/format.ts';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import styles from './tree.module.css';
import { factorWords, familyColors, nodeWords, selfWords } from './words.ts';

interface PlanTreeProps {
  plan: Plan;
  findings: ReadonlyMap<number, readonly PlanFinding[]>;
  chosen: number | null;
  onActive: (id: number | null) => void;
  onOpen: (id: number) => void;
}

const keyOf = ({ id }: PlanNode): string => String(id);

/** The plan as a tree: each node with its own time, rows expected and real, loops, blocks, and what was found of it. */
export function PlanTree({ plan, findings, chosen, onActive, onOpen }: PlanTreeProps) {
  const columns = useMemo(() => columnsOf(plan, findings), [plan, findings]);
  return (
    <DataTable
      name={plan.analyzed ? 'plan' : 'plan-estimated'}
      label="Nodes of the plan"
      columns={columns}
      rows={plan.nodes}
      keyOf={keyOf}
      sortable={false}
      noun="node"
      toneOf={(node) => (node.id === chosen ? 'notice' : undefined)}
      onActive={(node) => onActive(node?.id ?? null)}
      onOpen={(node) => onOpen(node.id)}
    />
  );
}

function columnsOf(
  plan: Plan,
  findings: ReadonlyMap<number, readonly PlanFinding[]>,
): DataColumn<PlanNode>[] {
  const timed = plan.measure === 'time';
  const number = (value: number | null): string => (value === null ? '' : count(Math.round(value)));
  const own: DataColumn<PlanNode>[] = [
    {
      id: 'node',
      header: 'Node',
      width: 300,
      grow: true,
      always: true,
      value: ({ id }) => id,
      text: nodeWords,
      cell: (node) => <NodeName node={node} found={findings.get(node.id) ?? []} />,
    },
    {
      id: 'self',
      header: timed ? 'Own time' : 'Own cost',
      hint: timed
        ? 'Wall time of the node alone, over all its runs; parallel processes count side by side'
        : 'Its part of the planner’s cost for the whole',
      width: 128,
      align: 'end',
      value: ({ selfShare }) => selfShare,
      text: (node) => selfWords(plan, node),
      cell: (node) => <SelfBar plan={plan} node={node} />,
    },
  ];
  const total: DataColumn<PlanNode> = {
    id: 'total',
    header: 'Total',
    hint: 'With everything below it',
    width: 80,
    align: 'end',
    hiddenAtFirst: 'narrow',
    value: ({ totalMs, totalCost }) => (timed ? totalMs : totalCost),
    text: ({ totalMs, totalCost }) =>
      timed
        ? totalMs === null
          ? ''
          : milliseconds(totalMs)
        : totalCost === null
          ? ''
          : shortCount(totalCost),
  };
  const estimated: DataColumn<PlanNode> = {
    id: 'estimated',
    header: 'Expected',
    hint: 'Rows that the planner expected of one run',
    width: 80,
    align: 'end',
    value: ({ estimatedRows }) => estimatedRows,
    text: ({ estimatedRows }) => number(estimatedRows),
  };
  if (!plan.analyzed) return [...own, total, estimated];
  return [
    ...own,
    total,
    estimated,
    {
      id: 'rows',
      header: 'Rows',
      hint: 'Rows of one run, in the mean',
      width: 80,
      align: 'end',
      value: ({ rowsPerLoop }) => rowsPerLoop,
      text: ({ rowsPerLoop, loops }) => (loops === 0 ? '' : number(rowsPerLoop)),
    },
    {
      id: 'factor',
      header: 'Off by',
      hint: '× more rows than expected, ÷ fewer',
      width: 64,
      align: 'end',
      value: ({ misestimate }) => misestimate,
      text: factorWords,
      cell: (node) => (
        <span data-off={(node.misestimate ?? 0) >= 10 ? true : undefined} className={styles.factor}>
          {factorWords(node)}
        </span>
      ),
    },
    {
      id: 'loops',
      header: 'Loops',
      hint: 'How often it ran, over all processes',
      width: 64,
      align: 'end',
      value: ({ loops }) => loops,
      text: ({ loops }) => (loops === 0 ? 'never' : number(loops)),
    },
    {
      id: 'blocks',
      header: 'Blocks',
      hint: 'Blocks found in memory and read, of its own',
      width: 76,
      align: 'end',
      value: ({ buffers }) => (buffers ? buffers.hit + buffers.read : null),
      text: ({ buffers }) => (buffers ? shortCount(buffers.hit + buffers.read) : ''),
    },
    {
      id: 'removed',
      header: 'Thrown away',
      hint: 'Rows that its filters threw away, over all runs',
      width: 92,
      align: 'end',
      hiddenAtFirst: 'narrow',
      value: ({ removedRows }) => removedRows,
      text: ({ removedRows }) => (removedRows === null ? '' : number(removedRows)),
    },
  ];
}

function NodeName({ node, found }: { node: PlanNode; found: readonly PlanFinding[] }) {
  const [worst] = found;
  return (
    <span className={styles.node} data-never={node.loops === 0 ? true : undefined}>
      <span style={{ width: Math.min(node.depth, 24) * 12 }} className={styles.indent} aria-hidden />
      <span className={styles.family} style={{ background: familyColors[node.family] }} aria-hidden />
      {node.subplan && <span className={styles.subplan}>{node.subplan}</span>}
      <span>{node.type}</span>
      <span className={styles.target}>{node.target}</span>
      {worst && (
        <span title={found.map(({ what }) => what).join('\n')} className={styles.mark}>
          <SeverityIcon severity={worst.severity} />
        </span>
      )}
    </span>
  );
}

function SelfBar({ plan, node }: { plan: Plan; node: PlanNode }) {
  return (
    <span className={styles.self} title={`${percent(node.selfShare)} of the whole`}>
      <span className={styles.selfTrack} aria-hidden>
        <span
          className={styles.selfFill}
          style={{ width: `${node.selfShare * 100}%` }}
          data-hot={node.selfShare >= 0.5 ? true : undefined}
        />
      </span>
      {selfWords(plan, node)}
    </span>
  );
}
