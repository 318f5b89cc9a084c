/** The parts of Electron's WebContents that are used here. */
interface Contents {
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
  on(
    event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect' | 'will-attach-webview',
    listener: (event: { preventDefault(): void }) => void,
  ): unknown;
}

/** The parts of Electron's Session that are used here. */
interface Permissions {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, answer: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
}

/**
 * The app is one page that never leaves itself: no navigation, no redirect, no new window, no webview
 * (Electron, "Security", 12 to 14). Moving between screens is the page's own history and not touched by this.
 */
export function lockContents(contents: Contents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  const refuse = (event: { preventDefault(): void }): void => event.preventDefault();
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', refuse);
}

/** Copying text to the clipboard after a person's press is the one permission the app has a use for. */
const needed = 'clipboard-sanitized-write';

/** Refuses every permission a page may ask for: camera, notifications, devices, reading the clipboard, … */
export function denyPermissions(session: Permissions): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === needed));
  session.setPermissionCheckHandler((_contents, permission) => permission === needed);
  session.setDevicePermissionHandler(() => false);
}
