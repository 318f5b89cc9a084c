import type { EnvironmentStatus, Finding } from '../../preload/contract/environments.ts';

import { askedSecret } from './ask-words.ts';

const rank: Record<Finding['severity'], number> = { notice: 1, warning: 2, bad: 3 };

/**
 * The one thing that a person should know first about an environment: a question to them, a lost or failed
 * connection, else its worst finding. Undefined while all is well.
 */
export function worstFinding({ state, problem, ask, findings }: EnvironmentStatus): Finding | undefined {
  if (ask && state !== 'connected') {
    const text =
      ask.kind === 'host-key'
        ? `${ask.host} is seen for the first time.`
        : `It wants the ${askedSecret(ask)}.`;
    return { severity: 'warning', id: `ask-${ask.kind}`, text };
  }
  if (problem && state !== 'connected') {
    return { severity: state === 'connecting' ? 'warning' : 'bad', id: problem.cause, text: problem.what };
  }
  if (state === 'lost') return { severity: 'bad', id: 'connection-lost', text: 'The connection was lost.' };
  // Findings are of the last sample; without a connection they say nothing about now.
  if (state !== 'connected') return undefined;
  return findings.reduce<Finding | undefined>(
    (worst, finding) => (worst && rank[worst.severity] >= rank[finding.severity] ? worst : finding),
    undefined,
  );
}

/** How much an environment wants attention: 0 for none to 3 for bad. */
export function urgency(status: EnvironmentStatus): number {
  const worst = worstFinding(status);
  return worst ? rank[worst.severity] : 0;
}
