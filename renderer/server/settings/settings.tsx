import type { ViewProps } from '../../shell/rooms.ts';

export default function Settings({ choice }: ViewProps) {
  return <>{choice}</>;
}
