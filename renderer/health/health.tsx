import type { ViewProps } from '../shell/rooms.ts';

export default function Health({ choice }: ViewProps) {
  return <>{choice}</>;
}
