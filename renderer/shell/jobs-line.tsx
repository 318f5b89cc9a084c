import { Menu } from '@mantine/core';
import { IconAlertOctagon, IconCheck, IconPlayerStop } from '@tabler/icons-react';
import { useLocation } from 'wouter';
import type { Environment } from '../../preload/contract/environments.ts';
import { Progress } from '../components/progress.tsx';
import { Swatch } from '../components/swatch.tsx';
import { useEnvironments } from './environments-provider.tsx';
import { inOrder, type Job, useJobs } from './jobs.ts';
import styles from './jobs-line.module.css';

/** Jobs that have a place of their own in the strip; the others are in its menu. */
const mostInSight = 2;

interface Shown {
  job: Job;
  environment: Environment;
}

/** Jobs under way, and ended ones until somebody has seen them. A press goes to where one is seen. */
export function JobsLine() {
  const jobs = useJobs();
  const { environments } = useEnvironments();
  const [, navigate] = useLocation();
  const known = jobs.flatMap((job): Shown[] => {
    const environment = environments?.find(({ id }) => id === job.environment);
    return environment ? [{ job, environment }] : [];
  });
  const ordered = inOrder(known.map(({ job, environment }) => ({ job, environment, state: job.state })));
  const others = ordered.slice(mostInSight);
  const go = ({ address, show }: Job): void => {
    show();
    navigate(address);
  };
  return (
    <>
      <span className="visually-hidden" role="status">
        {known.filter(({ job }) => job.state !== 'running').map((one) => `${words(one)}. `)}
      </span>
      {ordered.slice(0, mostInSight).map(({ job, environment }) => (
        <button
          key={job.id}
          type="button"
          className={styles.job}
          data-state={job.state}
          title={`${words({ job, environment })}. Press to see it.`}
          onClick={() => go(job)}
        >
          <JobParts job={job} environment={environment} />
        </button>
      ))}
      {others.length > 0 && (
        <Menu position="top-end">
          <Menu.Target>
            <button type="button" className={styles.job}>
              and {others.length} more
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map(({ job, environment }) => (
              <Menu.Item key={job.id} onClick={() => go(job)}>
                <span className={styles.inMenu} data-state={job.state}>
                  <JobParts job={job} environment={environment} />
                </span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

const words = ({ job, environment }: Shown): string => `${environment.name}, ${job.title}: ${job.detail}`;

function JobParts({ job: { title, detail, done, total, state }, environment }: Shown) {
  return (
    <>
      {state === 'running' ? (
        <span className={styles.bar} aria-hidden>
          <Progress done={done} total={total} label={title} />
        </span>
      ) : state === 'failed' ? (
        <IconAlertOctagon size={14} stroke={2} aria-hidden />
      ) : state === 'done' ? (
        <IconCheck size={14} stroke={2} aria-hidden />
      ) : (
        <IconPlayerStop size={14} stroke={2} aria-hidden />
      )}
      <Swatch color={environment.color} height={12} />
      <bdi className={styles.name}>{environment.name}</bdi>
      <span className={styles.what}>
        {title}: {detail}
      </span>
    </>
  );
}
