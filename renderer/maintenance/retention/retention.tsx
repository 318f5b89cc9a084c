import type { ViewProps } from '../../shell/rooms.ts';

export default function Retention({ choice }: ViewProps) {
  return <>{choice}</>;
}
