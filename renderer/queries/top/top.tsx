import type { ViewProps } from '../../shell/rooms.ts';

export default function Top({ choice }: ViewProps) {
  return <>{choice}</>;
}
