import type { ViewProps } from '../../shell/rooms.ts';

export default function Regressions({ choice }: ViewProps) {
  return <>{choice}</>;
}
