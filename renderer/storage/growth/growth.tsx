import type { ViewProps } from '../../shell/rooms.ts';

export default function Growth({ choice }: ViewProps) {
  return <>{choice}</>;
}
