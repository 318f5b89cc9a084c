import {
  IconActivityHeartbeat,
  IconDatabaseExport,
  IconGauge,
  IconLayoutDashboard,
  IconListCheck,
  IconSchema,
  IconServer2,
  IconStack2,
} from '@tabler/icons-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { RoomProps } from './room-props.ts';

export interface Room {
  /** Last part of the address: `#/environments/:id/activity`. */
  id: string;
  label: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  Screen: LazyExoticComponent<ComponentType<RoomProps>>;
  /** Begins to load the screen, so that it is there when the tab is pressed. */
  preload: () => void;
  /** Whether the screen has something to show (history from the store) while no connection stands. */
  worksOffline: boolean;
}

function room(
  about: Omit<Room, 'Screen' | 'preload'>,
  load: () => Promise<{ default: ComponentType<RoomProps> }>,
): Room {
  return { ...about, Screen: lazy(load), preload: () => void load().catch(() => undefined) };
}

/** The rooms of an environment in the order of their tabs. Only built ones are listed. */
export const rooms: readonly [Room, ...Room[]] = [
  room(
    { id: 'overview', label: 'Overview', icon: IconLayoutDashboard, worksOffline: true },
    () => import('../metrics/overview.tsx'),
  ),
  room(
    { id: 'activity', label: 'Activity', icon: IconActivityHeartbeat, worksOffline: true },
    () => import('../activity/activity.tsx'),
  ),
  room(
    { id: 'queries', label: 'Queries', icon: IconGauge, worksOffline: true },
    () => import('../queries/queries.tsx'),
  ),
  room(
    { id: 'schema', label: 'Schema', icon: IconSchema, worksOffline: true },
    () => import('../schema/schema.tsx'),
  ),
  room(
    { id: 'migrations', label: 'Migrations', icon: IconListCheck, worksOffline: true },
    () => import('../migrations/migrations.tsx'),
  ),
  room(
    { id: 'storage', label: 'Storage', icon: IconStack2, worksOffline: true },
    () => import('../storage/storage.tsx'),
  ),
  room(
    { id: 'backups', label: 'Backups', icon: IconDatabaseExport, worksOffline: true },
    () => import('../backups/backups.tsx'),
  ),
  room(
    { id: 'server', label: 'Server', icon: IconServer2, worksOffline: true },
    () => import('../server/server.tsx'),
  ),
];
