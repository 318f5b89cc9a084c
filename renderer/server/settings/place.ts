import type { RoomView } from '../../shell/room-view.ts';

/** What follows `settings` in the address: `advisor`, `compare`, `compare <environment>`, or an open setting. */
export type SettingsPlace = Pick<RoomView<'settings'>, 'rest'> & { goTo: (rest?: string) => void };
