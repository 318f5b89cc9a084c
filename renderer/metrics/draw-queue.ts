import { useEffect, useRef, useState } from 'react';

/*
 * Pictures of charts are drawn one after the other, one a frame, so that a page full of them never holds the
 * window up: neither when it opens nor when a new measurement has come to all of them at once.
 */
const queue = new Map<object, () => void>();
let running = false;

function enqueue(owner: object, draw: () => void): void {
  queue.delete(owner);
  queue.set(owner, draw);
  if (!running) {
    running = true;
    requestAnimationFrame(next);
  }
}

function next(): void {
  const first = queue.entries().next().value;
  if (!first) {
    running = false;
    return;
  }
  const [owner, draw] = first;
  queue.delete(owner);
  draw();
  // A task of its own for each, and a frame in between.
  setTimeout(() => requestAnimationFrame(next), 0);
}

/**
 * The value as of this chart's last turn; undefined before its first. `urgent` changes when a person asked
 * for something else to be shown, else a new turn is taken no sooner than `pauseMs` after the last one.
 */
export function useDrawn<T>(value: T, urgent: string, pauseMs: number): T | undefined {
  const [drawn, setDrawn] = useState<T | undefined>(undefined);
  const owner = useRef({});
  const last = useRef({ at: 0, urgent: '' });
  useEffect(() => {
    const draw = (): void => {
      last.current = { at: performance.now(), urgent };
      setDrawn(value);
    };
    const passed = performance.now() - last.current.at;
    if (last.current.urgent !== urgent || passed >= pauseMs) {
      enqueue(owner.current, draw);
      return;
    }
    const timer = setTimeout(() => enqueue(owner.current, draw), pauseMs - passed);
    return () => clearTimeout(timer);
  }, [value, urgent, pauseMs]);
  useEffect(() => () => void queue.delete(owner.current), []);
  return drawn;
}
