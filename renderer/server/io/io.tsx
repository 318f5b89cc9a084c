import type { ViewProps } from '../../shell/rooms.ts';

export default function Io({ choice }: ViewProps) {
  return <>{choice}</>;
}
