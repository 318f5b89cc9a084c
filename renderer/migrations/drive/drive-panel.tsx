import type { Environment } from '../../../preload/contract/environments.ts';
import type { CommandAction } from '../../../preload/contract/migration-runs.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { useSeen } from '../run/use-seen.ts';
import { Commands } from './commands.tsx';
import { putDriveAway, useDrive } from './drive-store.ts';
import { Driving } from './driving.tsx';

interface DrivePanelProps {
  environment: Environment;
  track: MigrationTrack;
  onDryRun: (action: CommandAction) => void;
  onClose: () => void;
}

/** The commands of a tool that is driven by its own program, then what the one that was run prints. */
export function DrivePanel({ environment, track, onDryRun, onClose }: DrivePanelProps) {
  const drive = useDrive(environment.id, track);
  useSeen('drive', drive);
  if (!drive)
    return <Commands environment={environment} track={track} onDryRun={onDryRun} onClose={onClose} />;
  return (
    <Driving
      environment={environment}
      track={track}
      drive={drive}
      onBack={() => putDriveAway(drive)}
      onClose={() => {
        putDriveAway(drive);
        onClose();
      }}
    />
  );
}
