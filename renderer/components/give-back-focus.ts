/**
 * Gives the focus back to where it was before something opened; to the screen when that is no longer there,
 * a menu entry for example, so that the keyboard goes on from a place in sight.
 */
export function giveBackFocus(before: Element | null): void {
  if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
  else document.getElementById('screen')?.focus({ preventScroll: true });
}
