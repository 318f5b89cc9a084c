import { Anchor } from '@mantine/core';
import { IconCloud, IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Environment } from '../../../preload/contract/environments.ts';
import { client } from '../../lib/client.ts';
import styles from './engines.module.css';

/** Where a managed service shows the snapshots that it takes itself. */
export function Snapshots({ environment }: { environment: Environment }) {
  const { data } = useQuery({
    queryKey: ['backups', 'snapshots'],
    queryFn: ({ signal }) => client.backups.engines.snapshots(undefined, { signal }),
    staleTime: 60_000,
  });
  const own = data?.filter(
    (link) => link.environment === environment.id || link.environment === environment.name,
  );
  return own?.map(({ provider, url, said }) => (
    <p key={url} className={styles.snapshot}>
      <IconCloud size={16} aria-hidden />
      <span>
        <b>{provider}</b> {said}
      </span>
      <Anchor href={url} target="_blank" rel="noreferrer" inherit>
        Its snapshots <IconExternalLink size={12} aria-label="in another window" />
      </Anchor>
    </p>
  ));
}
