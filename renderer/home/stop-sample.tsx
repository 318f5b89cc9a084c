import { Decision } from '../console/decision.tsx';
import { useSampleJob } from '../sample/sample-provider.tsx';

/** The decision to stop the sample server, wherever it was asked for. */
export function StopSample({ onClose }: { onClose: () => void }) {
  const { stop } = useSampleJob();
  return (
    <Decision title="Stop the sample server" action="Stop sample server" onConfirm={stop} onClose={onClose}>
      <p>Its environments lose their connection. Its data stay, and it can be started again at any time.</p>
    </Decision>
  );
}
