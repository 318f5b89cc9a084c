import { Button } from '@mantine/core';
import { CopyButton } from '../components/copy-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { useActions } from '../shell/actions.tsx';
import { Mark } from '../shell/rail/mark.tsx';
import styles from './about.module.css';
import { useConsoleInfo } from './use-console-info.ts';

/** Facts about this console: version, face, where its data are, the keychain. */
export default function About({ onClose }: { onClose: () => void }) {
  const info = useConsoleInfo();
  const { keychain } = useActions();
  return (
    <Dialog label="About Howdah" onClose={onClose}>
      <div className={styles.about}>
        <h2 className={styles.title}>
          <Mark size={24} /> Howdah {info?.version}
        </h2>
        <p>The seat from which you see far and steer: an operations console for PostgreSQL.</p>
        {info && (
          <dl className={styles.facts}>
            <dt>Face</dt>
            <dd>{info.face}</dd>
            <dt>Data folder</dt>
            <dd className={styles.folder}>
              <code>{info.dataFolder}</code>
              <CopyButton text={info.dataFolder} label="Copy the path" />
            </dd>
            <dt>Keychain</dt>
            <dd>
              {info.keychain.available ? 'Available' : 'Not available'}. {info.keychain.detail}{' '}
              <button
                type="button"
                className={styles.link}
                onClick={() => {
                  onClose();
                  keychain();
                }}
              >
                What is in it
              </button>
            </dd>
            <dt>Licence</dt>
            <dd>Apache-2.0</dd>
          </dl>
        )}
        <div className={styles.foot}>
          <Button data-autofocus onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
