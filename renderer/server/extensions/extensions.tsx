import type { ViewProps } from '../../shell/rooms.ts';

export default function Extensions({ choice }: ViewProps) {
  return <>{choice}</>;
}
