import { useQuery } from '@tanstack/react-query';
import type { JobSchedule } from '../../../preload/contract/backup-jobs.ts';
import { client } from '../../lib/client.ts';

type Times = Pick<JobSchedule, 'cron' | 'timeZone'>;

/** What the console reads a schedule as, and its next times. */
export const usePreview = ({ cron, timeZone }: Times, isWanted = true) =>
  useQuery({
    queryKey: ['backups', 'jobs', 'preview', cron, timeZone],
    queryFn: ({ signal }) => client.backups.jobs.preview({ cron, timeZone }, { signal }),
    enabled: isWanted && cron.trim() !== '',
    staleTime: 30_000,
  });

/** A schedule in words, with its time zone; as it is written until the words are there. */
export function ScheduleWords({ schedule }: { schedule: JobSchedule | null }) {
  const { cron, timeZone, by } = schedule ?? { cron: '', timeZone: '', by: 'howdah' };
  const { data } = usePreview({ cron, timeZone }, schedule !== null);
  if (schedule === null) return <>None</>;
  const words = data?.said.replace(/\.$/, '') ?? cron;
  return (
    <span title={`${cron}, ${timeZone}`}>
      {words}
      {!words.includes(timeZone) && `, ${timeZone}`}
      {by === 'system' && ', by the system'}
    </span>
  );
}
