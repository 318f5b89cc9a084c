import { useLocation } from 'wouter';
import { roomAddress } from './address.ts';

/** One of a room's views: what its address says after the room, and what is open in it. */
export interface RoomView<View extends string> {
  view: View;
  /** What follows the view in the address, decoded by the router: what is open there. */
  rest: string;
  go: (view: View, rest?: string) => void;
}

/**
 * The view of a room that the address names, `#/environments/:id/:room/:view/:rest`; the first one where it names none.
 * It stands in the address, so that a reload shows the same.
 */
export function useRoomView<View extends string>(
  environment: string,
  room: string,
  views: readonly [View, ...View[]],
): RoomView<View> {
  const [location, navigate] = useLocation();
  const [, view, rest = ''] =
    new RegExp(`^/environments/[^/]+/${room}(?:/([^/]+)(?:/(.*))?)?$`).exec(location) ?? [];
  const known = views.find((one) => one === view);
  return {
    view: known ?? views[0],
    rest: known ? rest : '',
    go: (next, opened) =>
      navigate(`${roomAddress(environment, room)}/${next}${opened ? `/${encodeURIComponent(opened)}` : ''}`),
  };
}
