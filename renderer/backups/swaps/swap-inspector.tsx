import { Anchor, Button } from '@mantine/core';
import { IconArrowBackUp, IconTrash } from '@tabler/icons-react';
import type { KeptDatabase } from '../../../preload/contract/backup-swaps.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { bytes, dateTime, exactBytes } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Fact, Facts } from '../../components/inspector-parts.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { visible } from '../../migrations/words.ts';
import { openedAddress } from '../address.ts';
import type { SwapAsk } from './swap-dialogs.tsx';
import { able, holdsWords, stateWords } from './swap-words.ts';
import styles from './swaps.module.css';

interface SwapInspectorProps {
  environment: Environment;
  swap: KeptDatabase;
  onAsk: (ask: SwapAsk) => void;
  onClose: () => void;
}

/** One kept database: what it is, where it came from, and the ways on. */
export function SwapInspector({ environment, swap, onAsk, onClose }: SwapInspectorProps) {
  const { kept, database, at, holds, path, backup, state, name, bytes: size, said } = swap;
  const can = able(swap);
  return (
    <Inspector
      title={<bdi title={visible(kept)}>{visible(kept)}</bdi>}
      onClose={onClose}
      footer={
        <>
          <Button
            leftSection={<IconArrowBackUp size={14} />}
            disabled={can.swapBack !== true}
            title={can.swapBack === true ? undefined : can.swapBack}
            onClick={() => onAsk({ kind: 'back', swap })}
          >
            Swap back…
          </Button>
          <span className={styles.space} />
          {can.forget ? (
            <Button variant="subtle" onClick={() => onAsk({ kind: 'forget', swap })}>
              Take it off the list…
            </Button>
          ) : (
            <Button
              variant="subtle"
              color="red"
              leftSection={<IconTrash size={14} />}
              disabled={can.drop !== true}
              title={can.drop === true ? undefined : can.drop}
              onClick={() => onAsk({ kind: 'drop', swap })}
            >
              Drop the kept database…
            </Button>
          )}
        </>
      }
    >
      <p className={styles.said}>{visible(said)}</p>
      <Facts>
        <Fact label="State">{stateWords[state].word}</Fact>
        {name !== null && (
          <Fact label="Its name now">
            <bdi className="mono">{visible(name)}</bdi>
          </Fact>
        )}
        <Fact label="In place of it">
          <bdi className="mono">{visible(database)}</bdi>
        </Fact>
        <Fact label="What it holds">{holdsWords[holds]}</Fact>
        <Fact label="Kept since">
          {dateTime(at)} (<TimeAgo at={at} />)
        </Fact>
        <Fact label="Size">
          {size === null ? 'Not known' : <span title={exactBytes(size)}>{bytes(size)}</span>}
        </Fact>
        <Fact label="From the backup">
          {path === null ? (
            'Not noted'
          ) : backup === null ? (
            <bdi className="mono">{visible(path)}</bdi>
          ) : (
            <Anchor href={`#${openedAddress(environment.id, { kind: 'backup', id: backup })}`} inherit>
              <bdi className="mono">{visible(path)}</bdi>
            </Anchor>
          )}
        </Fact>
      </Facts>
    </Inspector>
  );
}
