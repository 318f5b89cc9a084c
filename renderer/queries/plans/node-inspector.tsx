import type { Plan, PlanFinding, PlanNode } from '../../../preload/contract/plan-model.ts';
import { count, duration, percent } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Fact, Facts, Section } from '../../components/inspector-parts.tsx';
import { Findings } from './findings.tsx';
import styles from './plans.module.css';
import { factorWords, nodeWords } from './words.ts';

interface NodeInspectorProps {
  plan: Plan;
  node: PlanNode;
  findings: readonly PlanFinding[];
  onClose: () => void;
}

/** Everything that the plan says of one node. */
export function NodeInspector({ plan, node, findings, onClose }: NodeInspectorProps) {
  return (
    <Inspector
      title={nodeWords(node)}
      aside={node.subplan ? <span>{node.subplan}</span> : undefined}
      onClose={onClose}
    >
      {findings.length > 0 && (
        <Section title="Findings" of={findings.length}>
          <Findings findings={findings} chosen={null} onChoose={() => undefined} />
        </Section>
      )}
      <Section title="Figures">
        <Facts>
          <Fact label="Own part">{percent(node.selfShare)}</Fact>
          <Fact label="With what is below">{percent(node.totalShare)}</Fact>
          {node.selfMs !== null && <Fact label="Own time">{duration(node.selfMs)}</Fact>}
          {node.totalMs !== null && <Fact label="Time with what is below">{duration(node.totalMs)}</Fact>}
          {node.estimatedRows !== null && (
            <Fact label="Rows expected">{count(Math.round(node.estimatedRows))}</Fact>
          )}
          {node.rowsPerLoop !== null && (
            <Fact label="Rows of one run">{`${count(Math.round(node.rowsPerLoop))} ${factorWords(node)}`}</Fact>
          )}
          {node.rows !== null && (node.loops ?? 0) > 1 && (
            <Fact label="Rows of all runs">{count(Math.round(node.rows))}</Fact>
          )}
          {node.loops !== null && <Fact label="Runs">{node.loops === 0 ? 'never' : count(node.loops)}</Fact>}
          {node.processes > 1 && (
            <Fact label="Processes side by side">{count(Math.round(node.processes))}</Fact>
          )}
          {node.removedRows !== null && (
            <Fact label="Rows thrown away">{count(Math.round(node.removedRows))}</Fact>
          )}
        </Facts>
      </Section>
      {node.buffers && (
        <Section title="Blocks of its own">
          <Facts>
            <Fact label="In shared memory">{count(node.buffers.hit)}</Fact>
            <Fact label="Read">{count(node.buffers.read)}</Fact>
            <Fact label="Made dirty">{count(node.buffers.dirtied)}</Fact>
            <Fact label="Written">{count(node.buffers.written)}</Fact>
            <Fact label="Temporary, read and written">
              {count(node.buffers.tempRead)} and {count(node.buffers.tempWritten)}
            </Fact>
          </Facts>
        </Section>
      )}
      <Section title={plan.analyzed ? 'As the server says it' : 'As planned'} of={node.facts.length}>
        <Facts className={styles.rawFacts}>
          {node.facts.map(({ name, value }) => (
            <Fact key={name} label={name}>
              <code>{value}</code>
            </Fact>
          ))}
        </Facts>
      </Section>
    </Inspector>
  );
}
