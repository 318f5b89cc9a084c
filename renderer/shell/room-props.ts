import type { ReactNode } from 'react';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';

/** What every room's screen is given. */
export interface RoomProps {
  environment: Environment;
  status: EnvironmentStatus;
}

/** What one of a room's views is given: the choice between them goes to the left of its head. */
export interface ViewProps extends RoomProps {
  choice: ReactNode;
}
