import { Button } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useSampleJob } from './sample-provider.tsx';
import { useSampleStatus } from './use-sample-status.ts';

/** Starts or stops the sample server from the list of environments. */
export function SampleControl() {
  const status = useSampleStatus();
  const { progress, start, stop, cancel } = useSampleJob();
  const icon = <IconFlask size={14} stroke={1.75} />;
  if (progress) {
    return (
      <Button leftSection={icon} onClick={cancel}>
        Cancel sample server
      </Button>
    );
  }
  if (!status) return null;
  return status.state === 'running' ? (
    <Button leftSection={icon} onClick={stop}>
      Stop sample server
    </Button>
  ) : (
    <Button leftSection={icon} onClick={start}>
      Start sample server
    </Button>
  );
}
