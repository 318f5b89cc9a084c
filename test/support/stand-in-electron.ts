import { EventEmitter } from 'node:events';
import type { Port } from '../../main/faces/desktop/port.ts';

/**
 * A stand-in for the `electron` module: it keeps what it was told, in order, and lets a test play the part of
 * Electron by emitting its events.
 */
export function standInElectron() {
  /** Everything that matters for order, such as `registerSchemes`, `ready`, `window`. */
  const said: string[] = [];
  const windows: StandInWindow[] = [];
  let ready: () => void = () => {};
  const whenReady = new Promise<void>((resolve) => {
    ready = () => {
      said.push('ready');
      resolve();
    };
  });

  const app = Object.assign(new EventEmitter(), {
    isPackaged: false,
    paths: new Map<string, string>(),
    hasLock: true,
    quits: 0,
    exitCode: undefined as number | undefined,
    enableSandbox: () => void said.push('enableSandbox'),
    setPath(name: string, path: string) {
      said.push(`setPath ${name}`);
      app.paths.set(name, path);
    },
    requestSingleInstanceLock() {
      said.push('requestSingleInstanceLock');
      return app.hasLock;
    },
    whenReady: () => whenReady,
    quit() {
      app.quits += 1;
    },
    exit(code: number) {
      app.exitCode = code;
    },
  });

  const protocol = {
    schemes: [] as unknown[],
    handlers: new Map<string, (request: { url: string; method: string }) => Response>(),
    registerSchemesAsPrivileged(schemes: unknown[]) {
      said.push('registerSchemes');
      protocol.schemes = schemes;
    },
    handle(scheme: string, handler: (request: { url: string; method: string }) => Response) {
      said.push('handle');
      protocol.handlers.set(scheme, handler);
    },
  };

  type PermissionHandler = (
    contents: unknown,
    permission: string,
    answer: (granted: boolean) => void,
  ) => void;
  const session = {
    defaultSession: {
      request: undefined as PermissionHandler | undefined,
      check: undefined as ((contents: unknown, permission: string) => boolean) | undefined,
      device: undefined as (() => boolean) | undefined,
      setPermissionRequestHandler(handler: PermissionHandler) {
        said.push('permissions');
        this.request = handler;
      },
      setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean) {
        this.check = handler;
      },
      setDevicePermissionHandler(handler: () => boolean) {
        this.device = handler;
      },
    },
  };

  class StandInContents extends EventEmitter {
    mainFrame = { url: 'howdah://app/' };
    openHandler: (() => { action: string }) | undefined;
    setWindowOpenHandler(handler: () => { action: string }): void {
      this.openHandler = handler;
    }
  }

  class StandInWindow extends EventEmitter {
    static getAllWindows = (): StandInWindow[] => windows;
    readonly options: Record<string, unknown> & { webPreferences: Record<string, unknown> };
    readonly webContents = new StandInContents();
    readonly calls: string[] = [];
    minimized = false;
    constructor(options: StandInWindow['options']) {
      super();
      said.push('window');
      this.options = options;
      windows.push(this);
      app.emit('web-contents-created', {}, this.webContents);
    }
    loadURL(address: string): Promise<void> {
      this.calls.push(`load ${address}`);
      return Promise.resolve();
    }
    maximize = (): void => void this.calls.push('maximize');
    show = (): void => void this.calls.push('show');
    focus = (): void => void this.calls.push('focus');
    restore = (): void => void this.calls.push('restore');
    isMinimized = (): boolean => this.minimized;
    isMaximized = (): boolean => this.calls.includes('maximize');
    getNormalBounds = () => ({ x: 10, y: 40, width: 1200, height: 800 });
  }

  const display = { workArea: { x: 0, y: 0, width: 1920, height: 1080 } };
  const menu: { template: unknown } = { template: undefined };
  const dialog = {
    errors: [] as string[],
    showErrorBox: (title: string, text: string) => void dialog.errors.push(`${title}: ${text}`),
  };
  return {
    said,
    windows,
    menu,
    ready,
    module: {
      app,
      protocol,
      session,
      dialog,
      BrowserWindow: StandInWindow,
      ipcMain: new EventEmitter(),
      screen: { getPrimaryDisplay: () => display, getAllDisplays: () => [display] },
      Menu: {
        buildFromTemplate: (template: unknown) => template,
        setApplicationMenu: (template: unknown) => {
          menu.template = template;
        },
      },
    },
  };
}

/** One end of a web channel as Electron's main process sees it (MessagePortMain: `on`, and `{ data }`). */
export function mainPort(port: MessagePort): Port & { closed: boolean } {
  const wrapped = {
    closed: false,
    on(event: 'message' | 'close', listener: (event: { data: unknown }) => void) {
      port.addEventListener(event, (sent) => listener({ data: (sent as MessageEvent).data }));
    },
    postMessage: (message: unknown) => port.postMessage(message),
    start: () => port.start(),
    close() {
      wrapped.closed = true;
      port.close();
    },
  };
  return wrapped;
}
