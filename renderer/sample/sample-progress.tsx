import { Button } from '@mantine/core';
import { Progress } from '../components/progress.tsx';
import styles from './sample-progress.module.css';
import { useSampleJob } from './sample-provider.tsx';

/** How far the start of the sample server is, with a way to break it off. */
export function SampleProgressCard() {
  const { progress, cancel } = useSampleJob();
  if (!progress) return null;
  return (
    <div className={styles.card} role="status">
      <span>{progress.step}</span>
      <Progress done={progress.done} total={progress.total} label="Starting the sample server" />
      <Button onClick={cancel}>Cancel</Button>
    </div>
  );
}
