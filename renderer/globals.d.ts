interface Window {
  /** Set by the desktop's preload script; its presence says that a port will be taken. */
  readonly howdahDesktop?: true;
}
