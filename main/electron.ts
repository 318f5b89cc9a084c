import { join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session } from 'electron';
import ElectronStore from 'electron-store';
import { dataFolder } from './data-folder.ts';
import {
  answerApp,
  appAddress,
  appScheme,
  createPortDoor,
  denyPermissions,
  lockContents,
  menuTemplate,
  portChannel,
  scheme,
  smallest,
  stateOf,
  windowBounds,
} from './faces/desktop/index.ts';
import {
  loadAppFiles,
  type RunningConsole,
  startRunningConsole,
  startSample,
  surviveStrayErrors,
} from './faces/index.ts';
import { openSettings, type SettingsFile, type SettingsStore } from './settings/index.ts';

/** Entry of the desktop face. Everything in it follows Electron's own documentation, "Security" above all. */

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const folder = dataFolder();
const dist = join(import.meta.dirname, '..');
const assets = app.isPackaged ? join(process.resourcesPath, 'assets') : join(dist, '..', 'assets');

surviveStrayErrors(log);
// All of this has to be said before the app is ready.
protocol.registerSchemesAsPrivileged([appScheme]);
app.enableSandbox();
// Chromium's own files; the single-instance lock goes by this folder too.
app.setPath('userData', join(folder, 'window'));

if (app.requestSingleInstanceLock()) {
  app.whenReady().then(open).catch(giveUp);
} else {
  app.quit();
}

async function open(): Promise<void> {
  const settings = openSettings(folder, (options) => new ElectronStore(options) as unknown as SettingsFile);
  const running = startRunningConsole(
    {
      dataFolder: folder,
      face: 'desktop',
      assets,
      settings,
      workloadWorker: join(import.meta.dirname, 'workload-worker.js'),
    },
    log,
  );
  const answering = running.then(({ console }) => console);
  answering.catch(giveUp);
  closeBeforeQuit(running);

  const files = await loadAppFiles(join(dist, 'renderer'));
  protocol.handle(scheme, (request) => answerApp(files, request));
  denyPermissions(session.defaultSession);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, app.isPackaged)));

  let window = createWindow(settings);
  ipcMain.on(
    portChannel,
    createPortDoor(answering, () => window.webContents.mainFrame, log),
  );
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) window = createWindow(settings);
  });
  if (process.argv.includes('--sample')) await startSample((await running).client, log);
}

function createWindow(settings: SettingsStore): BrowserWindow {
  const saved = settings.read().window;
  const areas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea);
  const window = new BrowserWindow({
    ...windowBounds(saved, areas),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Howdah',
    icon: join(assets, 'icons', 'icon.png'),
    webPreferences: {
      preload: join(dist, 'preload', 'index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  if (saved?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => settings.change((current) => ({ ...current, window: stateOf(window) })));
  window
    .loadURL(appAddress)
    .catch((error: unknown) => log(`The window could not be loaded: ${String(error)}`));
  return window;
}

app.on('web-contents-created', (_event, contents) => lockContents(contents));

app.on('render-process-gone', (_event, _contents, { reason, exitCode }) =>
  log(`The window's process is gone: ${reason}, exit code ${exitCode}.`),
);

app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit();
});

// Ctrl-C, a closed terminal, or the end of the process that started this one.
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
  process.on(event, () => app.quit());

/** Holds the end of the app back until the console has closed (pools, store, sample server), 15 s at most. */
function closeBeforeQuit(running: Promise<RunningConsole>): void {
  let state: 'open' | 'closing' | 'closed' = 'open';
  app.on('will-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    const quit = (): void => {
      state = 'closed';
      app.quit();
    };
    setTimeout(quit, 15_000).unref();
    running
      .then((console) => console.close())
      .catch((error: unknown) => log(`Closing failed: ${String(error)}`))
      .finally(quit);
  });
}

function giveUp(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  log(message);
  dialog.showErrorBox('Howdah could not start', message);
  app.exit(1);
}
