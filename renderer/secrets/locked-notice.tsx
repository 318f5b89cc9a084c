import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconLock } from '@tabler/icons-react';
import { useEffect } from 'react';
import notice from '../components/notify.module.css';
import { notifyDone, notifyProblem } from '../components/notify.tsx';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { queryClient } from '../lib/query-client.ts';

/** Id of the notice; the keychain's dialog takes it back once it is unlocked. */
export const lockedNotice = 'keychain-locked';

let told = false;

/** Says once after the start that the keychain is locked, and offers to unlock it. `onShow` opens the keychain. */
export function LockedNotice({ onShow }: { onShow: () => void }) {
  useEffect(() => {
    if (told) return;
    told = true;
    // Whoever opens the keychain sees why it could not be asked; a start is not the moment for it.
    client.secrets.show().then(
      ({ state }) => state === 'locked' && tell(onShow),
      () => undefined,
    );
  }, [onShow]);
  return null;
}

async function unlock(onShow: () => void): Promise<void> {
  notifications.hide(lockedNotice);
  try {
    const { state } = await client.secrets.unlock();
    if (state === 'locked') onShow();
    else {
      notifyDone('The keychain is open.', { id: lockedNotice });
      void queryClient.invalidateQueries({ queryKey: ['console', 'info'] });
    }
  } catch (error) {
    notifyProblem(explain(error), { id: lockedNotice });
  }
}

function tell(onShow: () => void): void {
  notifications.show({
    id: lockedNotice,
    message: (
      <span className={notice.line}>
        <IconLock size={16} className={notice.icon} aria-hidden />
        <span className={notice.words}>
          <b>The keychain is locked.</b> Environments whose passwords are in it can’t be connected.
        </span>
        <Button onClick={() => void unlock(onShow)}>Unlock</Button>
      </span>
    ),
    position: 'bottom-left',
    color: 'var(--line-strong)',
    className: notice.notice ?? '',
    withBorder: true,
    autoClose: false,
    closeButtonProps: { 'aria-label': 'Close the notice' },
  });
}
