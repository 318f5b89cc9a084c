import type { ViewProps } from '../../shell/rooms.ts';

export default function Replication({ choice }: ViewProps) {
  return <>{choice}</>;
}
