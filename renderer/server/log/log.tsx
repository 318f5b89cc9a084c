import type { ViewProps } from '../../shell/rooms.ts';

export default function Log({ choice }: ViewProps) {
  return <>{choice}</>;
}
