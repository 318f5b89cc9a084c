import type { SystemSchedule } from '../../../../preload/contract/backup-jobs.ts';
import { crontab } from './crontab.ts';
import { launchd } from './launchd.ts';
import type { SystemOrder } from './order.ts';
import { schtasks } from './schtasks.ts';
import { systemd } from './systemd.ts';

export { ownCommand } from './own-command.ts';

/** A schedule for the schedulers of all systems, those of this one first. */
export function systemSchedules(order: SystemOrder): SystemSchedule[] {
  const all = [systemd, crontab, launchd, schtasks].map((make) => make(order));
  const own: Partial<Record<NodeJS.Platform, SystemSchedule['kind'][]>> = {
    linux: ['systemd', 'crontab'],
    darwin: ['launchd', 'crontab'],
    win32: ['schtasks'],
  };
  const first = own[order.platform] ?? ['crontab'];
  const rank = ({ kind }: SystemSchedule): number => {
    const at = first.indexOf(kind);
    return at < 0 ? first.length : at;
  };
  return all.sort((a, b) => rank(a) - rank(b));
}
