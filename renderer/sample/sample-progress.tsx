import { Button } from '@mantine/core';
import { Explanation } from '../components/explanation.tsx';
import { Progress } from '../components/progress.tsx';
import { useSampleJob } from './sample-provider.tsx';
import styles from './sample-progress.module.css';

/** How far the start of the sample server is, with a way to break it off; or why it failed. */
export function SampleProgressCard() {
  const { progress, problem, start, cancel } = useSampleJob();
  if (problem && !progress) {
    return <Explanation explanation={problem} actions={<Button onClick={start}>Try again</Button>} />;
  }
  if (!progress) return null;
  return (
    <div className={styles.card} role="status">
      <span>{progress.step}</span>
      <Progress done={progress.done} total={progress.total} label="Starting the sample server" />
      <Button onClick={cancel}>Cancel</Button>
    </div>
  );
}
