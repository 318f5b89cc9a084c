import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { useActions } from './actions.tsx';
import { roomAddress } from './address.ts';
import { rooms } from './rooms.ts';
import type { Layers } from './use-layers.ts';
import { usePlace } from './use-place.ts';

/** ms in which the second key of a pair such as `g h` is waited for. */
const pairTime = 1200;

/** The keys that work on every screen; `shortcuts` in help.tsx lists them for people. */
export function useShortcuts(layers: Layers): void {
  const [, navigate] = useLocation();
  const place = usePlace();
  const { importFrom } = useActions();
  const state = useRef({ place, navigate, layers, importFrom, first: '', at: 0 });
  Object.assign(state.current, { place, navigate, layers, importFrom });

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { layers, navigate } = state.current;
      if (event.defaultPrevented) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        layers.open('palette');
        return;
      }
      if (document.querySelector('dialog[open]')) return;
      if (event.ctrlKey && event.key === 'Tab') {
        step(event, event.shiftKey ? -1 : 1);
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;

      const pair = event.timeStamp - state.current.at < pairTime ? `${state.current.first} ${event.key}` : '';
      state.current.first = event.key;
      state.current.at = event.timeStamp;
      if (pair === 'g h') navigate('/');
      else if (pair === 'g a') navigate('/audit');
      else if (pair === 'g i') state.current.importFrom();
      else if (event.key === '?') layers.open('help');
      else if (event.key === '[') step(event, -1);
      else if (event.key === ']') step(event, 1);
      else if (event.key === '/') focusFilter(event);
    };
    const step = (event: KeyboardEvent, by: number): void => {
      const { environment, room } = state.current.place;
      if (!environment) return;
      event.preventDefault();
      const index = Math.max(
        0,
        rooms.findIndex(({ id }) => id === room),
      );
      const next = rooms[(index + by + rooms.length) % rooms.length];
      state.current.navigate(roomAddress(environment, next?.id));
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function focusFilter(event: KeyboardEvent): void {
  const filter = document.querySelector<HTMLInputElement>('main [data-filter], main input[type="search"]');
  if (!filter) return;
  event.preventDefault();
  filter.focus();
  filter.select();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type))
  );
}
