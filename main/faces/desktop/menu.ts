/** One entry of a native menu, as Electron's Menu.buildFromTemplate takes it: standard roles only. */
interface MenuEntry {
  role?:
    | 'appMenu'
    | 'close'
    | 'editMenu'
    | 'quit'
    | 'reload'
    | 'resetZoom'
    | 'toggleDevTools'
    | 'togglefullscreen'
    | 'windowMenu'
    | 'zoomIn'
    | 'zoomOut';
  type?: 'separator';
  label?: string;
  submenu?: MenuEntry[];
}

/** The native menu. Developer tools are for checkouts, not for packages. */
export function menuTemplate(platform: NodeJS.Platform, packaged: boolean): MenuEntry[] {
  const isMac = platform === 'darwin';
  const view: MenuEntry[] = [
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  if (!packaged) view.push({ role: 'toggleDevTools' });
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    { label: 'File', submenu: [{ role: isMac ? 'close' : 'quit' }] },
    { role: 'editMenu' },
    { label: 'View', submenu: view },
    { role: 'windowMenu' },
  ];
}
