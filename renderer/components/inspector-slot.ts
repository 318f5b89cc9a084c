import { createContext } from 'react';

/** The place at the right of the frame where inspectors appear; null until the frame is drawn. */
export const InspectorSlot = createContext<HTMLElement | null>(null);
