import type { Explanation } from '../../preload/contract/common.ts';
import type { Ask, TypedSecret } from '../../preload/contract/connection.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { giveBackFocus } from '../components/give-back-focus.ts';
import { notifyProblem } from '../components/notify.tsx';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { AskPanel } from './ask-panel.tsx';

interface ConnectionAskProps {
  environment: Environment;
  ask: Ask;
  problem: Explanation | undefined;
  onEdit: () => void;
}

/** A question that an environment waits for before it connects; answering it connects. */
export function ConnectionAsk({ environment, ask, problem, onEdit }: ConnectionAskProps) {
  // The question goes away with its buttons; the keyboard goes on from the screen.
  const attempt = async (act: () => Promise<unknown>): Promise<void> => {
    giveBackFocus(null);
    try {
      await act();
    } catch (error) {
      notifyProblem(explain(error), { environment, id: `act-${environment.id}` });
    }
  };
  const connect = (secrets?: TypedSecret[]): Promise<void> =>
    attempt(() =>
      client.environments.connect({ environment: environment.id, ...(secrets ? { secrets } : {}) }),
    );
  return (
    <AskPanel
      ask={ask}
      problem={problem}
      go="connect"
      onEdit={onEdit}
      onTrusted={() => connect()}
      onSecret={(secret) => connect([secret])}
      onCancel={() => void attempt(() => client.environments.disconnect({ environment: environment.id }))}
    />
  );
}
