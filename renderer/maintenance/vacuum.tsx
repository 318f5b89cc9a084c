import type { ViewProps } from '../shell/rooms.ts';

export default function Vacuum({ choice }: ViewProps) {
  return <>{choice}</>;
}
