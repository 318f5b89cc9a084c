import { Button } from '@mantine/core';
import { IconGitCompare } from '@tabler/icons-react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { SchemaSource } from '../../../preload/contract/schema.ts';
import { Empty } from '../../components/empty.tsx';
import { Swatch } from '../../components/swatch.tsx';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import type { RunState } from './run.ts';
import { proposals } from './sides.ts';

interface StartProps {
  environment: Environment;
  environments: readonly Environment[];
  onCompare: (wanted: SchemaSource) => void;
}

/** Before the first comparison: what it is for, and what is likely meant. */
export function Start({ environment, environments, onCompare }: StartProps) {
  const likely = proposals(environment, environments).slice(0, 4);
  return (
    <Empty
      icon={IconGitCompare}
      title="Nothing has been compared yet"
      actions={likely.map((other) => (
        <Button
          key={other.id}
          leftSection={<Swatch color={other.color} height={14} />}
          onClick={() => onCompare({ kind: 'environment', environment: other.id })}
        >
          Compare with {other.name}
        </Button>
      ))}
    >
      Choose above what <bdi>{environment.name}</bdi> should be like: another environment, a snapshot, or SQL
      files. You see what differs and the script that would close it. Both sides are only read.
    </Empty>
  );
}

interface ProblemActionsProps {
  state: RunState;
  environments: readonly Environment[];
  onConnect: (environment: Environment) => Promise<void>;
  onAgain: () => void;
}

export function ProblemActions({ state, environments, onConnect, onAgain }: ProblemActionsProps) {
  const { statusOf } = useEnvironments();
  const { comparison, problem } = state;
  const ids = comparison
    ? [comparison.wanted, comparison.actual].flatMap((side) =>
        side.kind === 'environment' ? [side.environment] : [],
      )
    : [];
  const away = environments.filter(
    ({ id }) => ids.includes(id) && statusOf(id).state !== 'connected' && problem?.code === 'NOT_CONNECTED',
  );
  return (
    <>
      {away.map((environment) => (
        <Button key={environment.id} onClick={() => void onConnect(environment).then(onAgain)}>
          Connect {environment.name} and compare
        </Button>
      ))}
      <Button onClick={onAgain}>Compare again</Button>
    </>
  );
}
