import type { ViewProps } from '../../shell/rooms.ts';

export default function Indexes({ choice }: ViewProps) {
  return <>{choice}</>;
}
