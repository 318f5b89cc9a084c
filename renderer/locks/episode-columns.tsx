import type { Episode } from '../../preload/contract/locks.ts';
import { count, dateTime, duration } from '../components/format.ts';
import type { DataColumn } from '../components/table/columns.ts';
import { instantLabel } from '../metrics/axes.ts';
import styles from './history.module.css';
import { endOf, lastedMs, partyName } from './words.ts';

/** The columns of the list of blocking episodes. `connected` tells one that goes on from one that nobody watched. */
export function episodeColumns(connected: boolean): readonly DataColumn<Episode>[] {
  return [
    {
      id: 'began',
      header: 'Began',
      width: 128,
      always: true,
      value: ({ began }) => began,
      text: ({ began }) => dateTime(began),
      cell: ({ began }) => <span title={dateTime(began)}>{instantLabel(began, Date.now(), true)}</span>,
      descendingFirst: true,
    },
    {
      id: 'lasted',
      header: 'Lasted',
      width: 88,
      align: 'end',
      value: lastedMs,
      text: (episode) => duration(lastedMs(episode)),
      descendingFirst: true,
    },
    {
      id: 'root',
      header: 'Root',
      hint: 'Who stood in the way and waited for nobody.',
      width: 152,
      value: ({ root }) => partyName(root),
      cell: ({ root }) => (
        <span title={root.kind === 'session' ? `pid ${root.pid}` : undefined}>{partyName(root)}</span>
      ),
    },
    {
      id: 'waiters',
      header: 'Most waiting',
      hint: 'Most sessions that waited behind it at once.',
      width: 96,
      align: 'end',
      value: ({ mostWaiters }) => mostWaiters,
      text: ({ mostWaiters }) => count(mostWaiters),
      descendingFirst: true,
    },
    {
      id: 'longest',
      header: 'Longest wait',
      width: 104,
      align: 'end',
      value: ({ longestWaitMs }) => longestWaitMs,
      text: ({ longestWaitMs }) => duration(longestWaitMs),
      descendingFirst: true,
    },
    {
      id: 'waited',
      header: 'All waits',
      hint: 'All waits behind it together.',
      width: 96,
      align: 'end',
      value: ({ waitedMs }) => waitedMs,
      text: ({ waitedMs }) => duration(waitedMs),
      descendingFirst: true,
    },
    {
      id: 'locks',
      header: 'Waited for',
      width: 200,
      value: ({ locks }) => locks[0]?.target,
      text: ({ locks }) => locks.map(({ target, mode }) => `${target} ${mode}`).join(', '),
      cell: ({ locks: [first, ...more] }) =>
        first ? (
          <span title={`${first.mode} on ${first.target}`}>
            <code>{first.target}</code> <span className={styles.soft}>{first.mode.replace(/Lock$/, '')}</span>
            {more.length > 0 && <span className={styles.soft}> +{more.length}</span>}
          </span>
        ) : (
          <span className={styles.soft}>–</span>
        ),
    },
    {
      id: 'end',
      header: 'End',
      width: 136,
      value: ({ end }) => end,
      text: (episode) => endOf(episode, Date.now(), connected).short,
      cell: (episode) => {
        const { short, full } = endOf(episode, Date.now(), connected);
        return (
          <span title={full} data-going={episode.ended === null || undefined} className={styles.end}>
            {short}
          </span>
        );
      },
    },
    {
      id: 'query',
      header: 'Root’s statement',
      width: 240,
      grow: true,
      mono: true,
      value: ({ root }) => root.query,
      cell: ({ root }) => <span dir="auto">{root.query?.replace(/\s+/g, ' ')}</span>,
    },
    {
      id: 'user',
      header: 'User',
      width: 104,
      hiddenAtFirst: true,
      value: ({ root }) => root.user,
    },
    {
      id: 'database',
      header: 'Database',
      width: 112,
      hiddenAtFirst: true,
      value: ({ root }) => root.database,
    },
  ];
}
