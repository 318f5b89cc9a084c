import type { ViewProps } from '../../shell/rooms.ts';

export default function Tables({ choice }: ViewProps) {
  return <>{choice}</>;
}
