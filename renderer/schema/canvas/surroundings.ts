/**
 * Tells when the canvas has another size or density, when the map has another size, and when the theme has changed.
 *
 * @param signal ends it
 */
export function watchSurroundings(
  { canvas, minimap }: { canvas: HTMLCanvasElement; minimap: HTMLCanvasElement },
  { onSize, onMap, onTheme }: { onSize: () => void; onMap: () => void; onTheme: () => void },
  signal: AbortSignal,
): void {
  const sizes = new ResizeObserver(onSize);
  sizes.observe(canvas);
  // It is hidden at times; then it shows again with what it showed before.
  const maps = new ResizeObserver(onMap);
  maps.observe(minimap);
  const theme = new MutationObserver(onTheme);
  theme.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
  signal.addEventListener('abort', () => {
    sizes.disconnect();
    maps.disconnect();
    theme.disconnect();
  });
  // Moved to a screen of another density.
  const watchRatio = (): void =>
    window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        onSize();
        watchRatio();
      },
      { once: true, signal },
    );
  watchRatio();
}
