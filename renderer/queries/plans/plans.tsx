import type { ViewProps } from '../../shell/rooms.ts';

export default function Plans({ choice }: ViewProps) {
  return <>{choice}</>;
}
