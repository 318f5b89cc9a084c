import type { Explanation as ExplanationData } from '../../preload/contract/common.ts';
import type { Ask, TypedSecret } from '../../preload/contract/connection.ts';
import { HostKeyAsk } from './host-key-ask.tsx';
import { SecretAsk } from './secret-ask.tsx';

export interface AskPanelProps {
  ask: Ask;
  /** Why the way ended here, in the console's words. */
  problem: ExplanationData | undefined;
  /** What goes on once it is answered. */
  go: 'test' | 'connect';
  /** Each comes back when what goes on has ended. */
  onTrusted: () => Promise<void>;
  onSecret: (secret: TypedSecret) => Promise<void>;
  onCancel: () => void;
  /** Goes to the settings, where they are not in sight. */
  onEdit?: () => void;
}

/** What only a person can answer before the way to a server goes on. */
export function AskPanel({ ask, problem, go, onTrusted, onSecret, onCancel, onEdit }: AskPanelProps) {
  if (ask.kind === 'host-key') {
    return <HostKeyAsk key={ask.fingerprint} {...{ ask, go, onTrusted, onCancel, onEdit }} />;
  }
  return <SecretAsk key={`${ask.secret} ${ask.of}`} {...{ ask, problem, go, onSecret, onCancel, onEdit }} />;
}
