/** Chooses between the desktop's window and the browser. Only Node's own modules. */

/**
 * Which face to open, and the plain reason.
 *
 * @param {{ wanted?: 'desktop' | 'browser' | undefined, hasDisplay: boolean, binary?: string | undefined }} facts
 *   `wanted` is what the person asked for; `binary` is where Electron is.
 * @returns {{ face: 'desktop' | 'browser' | 'none', why: string }} `none`: what was asked for can't be had.
 */
export function chooseFace({ wanted, hasDisplay, binary }) {
  if (wanted === 'browser') return { face: 'browser', why: 'Browser face: asked for with --browser.' };
  if (!hasDisplay) {
    return wanted === 'desktop'
      ? { face: 'none', why: 'The desktop face needs a display, and this machine has none.' }
      : { face: 'browser', why: 'Browser face: no display on this machine.' };
  }
  if (!binary) {
    return wanted === 'desktop'
      ? { face: 'none', why: 'The desktop face needs the Electron binary, and it can’t be had here.' }
      : { face: 'browser', why: 'Browser face: the Electron binary can’t be had here.' };
  }
  return {
    face: 'desktop',
    why: `Desktop face: ${wanted === 'desktop' ? 'asked for with --desktop' : 'Electron and a display are there'}.`,
  };
}
