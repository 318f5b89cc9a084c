import type { Settings } from '../../../preload/contract/server-settings.ts';
import type { SettingStore } from './setting-store.ts';

/** The most changes of one look that are told one by one. */
const toldSingly = 5;

/**
 * Settings of a look that tell of the server and not of the role that looks: what a database or a role has of its own
 * changes with whom Howdah is, which is no change of the server.
 */
function ofTheServer({ settings }: Settings) {
  const own = new Set(['client', 'database', 'user', 'database user', 'global', 'interactive', 'test']);
  return settings.filter(
    ({ source, context, raw }) => raw !== null && context !== 'internal' && !own.has(source),
  );
}

/** Keeps a look at the settings, and tells as events what changed since the one before. */
export function noteSettings(
  store: SettingStore,
  environment: string,
  at: number,
  look: Settings,
  onEvent: (kind: string, text: string) => void,
): void {
  const seen = ofTheServer(look);
  const { changes, pending } = store.note(
    environment,
    at,
    seen.map(({ name, value, pendingRestart }) => ({ name, value: value ?? '', pending: pendingRestart })),
  );
  for (const { name, before, after } of changes.slice(0, toldSingly))
    onEvent('settings-changed', `${name}: ${before || '(empty)'} → ${after || '(empty)'}`);
  if (changes.length > toldSingly)
    onEvent('settings-changed', `${changes.length - toldSingly} more settings changed`);
  if (pending.length > 0) {
    const words = pending.map((name) => {
      const next = seen.find((one) => one.name === name)?.pending;
      return next ? `${name} → ${next}` : name;
    });
    onEvent('settings-pending', `Waits for a restart: ${words.slice(0, toldSingly).join(', ')}`);
  }
}
