import { EventEmitter } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type StandInClient, standInConsole, temporaryFolder } from '../../support/stand-in-console.ts';
import { mainPort, standInElectron } from '../../support/stand-in-electron.ts';

/** `main/electron.ts` and `preload/index.ts` as they are, on a stand-in for Electron and a stand-in console. */

const stage = vi.hoisted(() => ({ startConsole: () => Promise.resolve({}) }));
vi.mock('electron-store', async () => ({ default: (await import('conf')).default }));
vi.mock('../../../main/faces/running-console.ts', () => ({
  startRunningConsole: () => stage.startConsole(),
}));
vi.mock('../../../main/faces/stop-signals.ts', () => ({ surviveStrayErrors: () => {} }));
vi.mock('../../../main/faces/app-files.ts', () => ({
  loadAppFiles: async () => ({
    answer: () => ({
      status: 200,
      headers: { 'Content-Security-Policy': 'strict' },
      body: Buffer.from('app'),
    }),
    compressed: Promise.resolve(),
  }),
}));

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const;
let folder: ReturnType<typeof temporaryFolder>;
let electron: ReturnType<typeof standInElectron>;
let console_: ReturnType<typeof standInConsole>;
let closes: number;
let listenersBefore: Map<string, unknown[]>;

beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv('HOWDAH_DATA_DIR', folder.path);
  listenersBefore = new Map(signals.map((signal) => [signal, process.listeners(signal as NodeJS.Signals)]));
  electron = standInElectron();
  standOn(electron.module);
  console_ = standInConsole();
  closes = 0;
  stage.startConsole = async () => ({
    console: console_,
    client: {},
    close: async () => {
      closes += 1;
    },
  });
});

afterEach(() => {
  for (const signal of signals) {
    for (const listener of addedListeners(signal)) process.removeListener(signal, listener);
  }
  vi.unstubAllEnvs();
  folder.remove();
});

/** What the app listens with, apart from the test runner's own listeners. */
function addedListeners(signal: (typeof signals)[number]): (() => void)[] {
  const before = listenersBefore.get(signal) ?? [];
  const all = process.listeners(signal as 'SIGINT') as unknown as (() => void)[];
  return all.filter((listener) => !before.includes(listener));
}

/** Loads modules anew, with this for `electron`. */
function standOn(module: Record<string, unknown>): void {
  vi.resetModules();
  vi.doMock('electron', () => module);
}

async function start() {
  await import('../../../main/electron.ts');
  electron.ready();
  await vi.waitFor(() => expect(electron.windows[0]?.calls).toContain('load howdah://app/'));
  const [window] = electron.windows;
  if (!window) throw new Error('no window');
  return window;
}

/** Hands a fresh port over in the name of `senderFrame` and gives the page's end of it. */
function handOver(senderFrame: unknown) {
  const channel = new MessageChannel();
  const port = mainPort(channel.port2);
  electron.module.ipcMain.emit('howdah:port', { senderFrame, ports: [port] });
  channel.port1.start();
  const client: StandInClient = createORPCClient(new RPCLink({ port: channel.port1 }));
  return { client, port, page: channel.port1 };
}

describe('before the app is ready', () => {
  test('the sandbox, the protocol and the folder are settled', async () => {
    await import('../../../main/electron.ts');
    expect(electron.said).toEqual([
      'registerSchemes',
      'enableSandbox',
      'setPath userData',
      'requestSingleInstanceLock',
    ]);
    expect(electron.module.protocol.schemes).toEqual([
      { scheme: 'howdah', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
    expect(electron.module.app.paths.get('userData')).toContain(folder.path);
  });

  test('a second instance ends at once; the first one comes forward', async () => {
    electron.module.app.hasLock = false;
    await import('../../../main/electron.ts');
    electron.ready();
    expect(electron.module.app.quits).toBe(1);
    expect(electron.windows).toEqual([]);
  });
});

describe('the window', () => {
  test('is sandboxed, isolated and without Node', async () => {
    const window = await start();
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      preload: expect.stringMatching(/preload.index\.cjs$/),
    });
  });

  test('can’t navigate, open windows, attach webviews or get permissions', async () => {
    const window = await start();
    expect(window.webContents.openHandler?.()).toEqual({ action: 'deny' });
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      const preventDefault = vi.fn();
      window.webContents.emit(event, { preventDefault });
      expect(preventDefault, event).toHaveBeenCalledOnce();
    }
    const { request, check, device } = electron.module.session.defaultSession;
    for (const permission of ['media', 'notifications', 'clipboard-read', 'openExternal', 'geolocation']) {
      const answer = vi.fn();
      request?.(null, permission, answer);
      expect(answer).toHaveBeenCalledWith(false);
      expect(check?.(null, permission)).toBe(false);
    }
    expect(device?.()).toBe(false);
    expect(electron.said.indexOf('permissions')).toBeLessThan(electron.said.indexOf('window'));
    expect(electron.said.indexOf('handle')).toBeLessThan(electron.said.indexOf('window'));
  });

  test('is answered by the protocol with the policy', async () => {
    await start();
    const handler = electron.module.protocol.handlers.get('howdah');
    const answer = handler?.({ url: 'howdah://app/', method: 'GET' });
    expect(answer?.headers.get('content-security-policy')).toBe('strict');
  });

  test('opens as it was left', async () => {
    const first = await start();
    first.maximize();
    first.emit('close');
    electron = standInElectron();
    standOn(electron.module);
    const second = await start();
    expect(second.options).toMatchObject({ x: 10, y: 40, width: 1200, height: 800 });
    expect(second.calls).toContain('maximize');
  });

  test('comes forward when the app is started again', async () => {
    const window = await start();
    window.minimized = true;
    electron.module.app.emit('second-instance');
    expect(window.calls.slice(-3)).toEqual(['restore', 'show', 'focus']);
  });

  test('has a native menu', async () => {
    await start();
    expect(JSON.stringify(electron.menu.template)).toContain('editMenu');
  });
});

describe('the port', () => {
  test('handed over by the main frame carries calls', async () => {
    const window = await start();
    const { client, page } = handOver(window.webContents.mainFrame);
    expect(await client.echo({ text: 'from the window' })).toBe('from the window');
    expect(console_.callers).toEqual([{ who: expect.stringMatching(/./), face: 'desktop' }]);
    page.close();
  });

  test('handed over by anybody else is closed unheard', async () => {
    const window = await start();
    for (const frame of [null, { url: 'howdah://app/' }, { url: 'https://evil.example/' }]) {
      expect(handOver(frame).port.closed).toBe(true);
    }
    window.webContents.mainFrame.url = 'https://evil.example/';
    expect(handOver(window.webContents.mainFrame).port.closed).toBe(true);
    expect(console_.callers).toEqual([]);
  });

  test('that carries something else than calls is closed, the next one works', async () => {
    const window = await start();
    for (const rubbish of ['hello', '{}', { i: '1', p: {} }, null, new Uint8Array(3)]) {
      const { port, page } = handOver(window.webContents.mainFrame);
      await vi.waitFor(() => expect(console_.callers.length).toBeGreaterThan(0));
      page.postMessage(rubbish);
      await vi.waitFor(() => expect(port.closed).toBe(true));
    }
    const { client, page } = handOver(window.webContents.mainFrame);
    expect(await client.echo({ text: 'unharmed' })).toBe('unharmed');
    page.close();
  });

  test('of a page that was loaded anew replaces the old one, whose streams end', async () => {
    const window = await start();
    const old = handOver(window.webContents.mainFrame);
    await (await old.client.ticks()).next();
    expect(console_.streams.running).toBe(1);
    const { client, page } = handOver(window.webContents.mainFrame);
    await vi.waitFor(() => expect(console_.streams.running).toBe(0));
    expect(await client.echo({ text: 'new page' })).toBe('new page');
    page.close();
  });

  test('that closes ends its streams', async () => {
    const window = await start();
    const { client, page } = handOver(window.webContents.mainFrame);
    await (await client.ticks()).next();
    page.close();
    await vi.waitFor(() => expect(console_.streams.running).toBe(0));
  });
});

describe('the end', () => {
  test.each(signals)('%s quits', async (signal) => {
    await start();
    for (const listener of addedListeners(signal)) listener();
    expect(electron.module.app.quits).toBe(1);
  });

  test('waits for the console to close, once', async () => {
    await start();
    const { app } = electron.module;
    const [first, second, last] = [vi.fn(), vi.fn(), vi.fn()];
    app.emit('will-quit', { preventDefault: first });
    app.emit('will-quit', { preventDefault: second });
    expect(first).toHaveBeenCalled();
    expect(second).toHaveBeenCalled();
    await vi.waitFor(() => expect(app.quits).toBe(1));
    expect(closes).toBe(1);
    app.emit('will-quit', { preventDefault: last });
    expect(last).not.toHaveBeenCalled();
  });

  test('comes at once, with the reason in a box, when the console can’t start', async () => {
    stage.startConsole = () => Promise.reject(new Error('settings.json was written by a newer Howdah.'));
    await import('../../../main/electron.ts');
    electron.ready();
    await vi.waitFor(() => expect(electron.module.app.exitCode).toBe(1));
    expect(electron.module.dialog.errors[0]).toContain('written by a newer Howdah');
  });
});

test('the preload script shows the page one flag and passes on one port, nothing else', async () => {
  const exposed: Record<string, unknown> = {};
  const sent: unknown[][] = [];
  standOn({
    contextBridge: {
      exposeInMainWorld: (name: string, value: unknown) => Object.assign(exposed, { [name]: value }),
    },
    ipcRenderer: { postMessage: (...args: unknown[]) => sent.push(args) },
  });
  const page = new EventEmitter();
  const window = {
    addEventListener: (event: string, listener: (event: unknown) => void) => page.on(event, listener),
  };
  vi.stubGlobal('window', window);
  await import('../../../preload/index.ts');
  expect(exposed).toEqual({ howdahDesktop: true });

  const port = {};
  page.emit('message', { source: {}, data: 'howdah:port', ports: [port] });
  page.emit('message', { source: window, data: 'other', ports: [port] });
  page.emit('message', { source: window, data: 'howdah:port', ports: [] });
  expect(sent).toEqual([]);
  page.emit('message', { source: window, data: 'howdah:port', ports: [port] });
  expect(sent).toEqual([['howdah:port', null, [port]]]);
  vi.unstubAllGlobals();
});
