import { Button } from '@mantine/core';
import { useState } from 'react';
import { Explanation } from '../components/explanation.tsx';
import { useConsoleInfo } from '../console/use-console-info.ts';
import styles from './home.module.css';

let read = false;

/** What the console has to tell once after its start, such as a damaged store that was moved aside. */
export function Notices() {
  const notices = useConsoleInfo()?.notices ?? [];
  const [done, setDone] = useState(read);
  if (done || notices.length === 0) return null;
  return (
    <div className={styles.notice}>
      {notices.map((notice, index) => (
        <Explanation
          key={notice}
          severity="warning"
          explanation={{ what: notice, why: '', next: '', cause: 'start-notice' }}
          actions={
            index === notices.length - 1 ? (
              <Button
                onClick={() => {
                  read = true;
                  setDone(true);
                }}
              >
                Close
              </Button>
            ) : undefined
          }
        />
      ))}
    </div>
  );
}
