import { setTimeout as wait } from 'node:timers/promises';
import type { ConsoleOptions } from '../../console.ts';
import { AlreadyRunning } from '../../instance.ts';
import type { Log } from '../answering.ts';
import { loadAppFiles } from '../app-files.ts';
import { connectLocal } from '../local-socket.ts';
import { type RunningConsole, startRunningConsole } from '../running-console.ts';
import { startSample } from '../start-sample.ts';
import { openBrowser } from './open-browser.ts';
import { type BrowserFace, startBrowserFace } from './server.ts';

export interface ServeOptions {
  dataFolder: string;
  /** TCP port on 127.0.0.1; 0 takes a free one. */
  port: number;
  /** Start the sample server with its workload too. */
  sample: boolean;
  /** Open the address in a browser when there is one. */
  open: boolean;
  /** Absolute path of the `assets` folder. */
  assets: string;
  /** Absolute path of the built renderer. */
  renderer: string;
  /** Absolute path of the built worker that runs the sample's workload. */
  workloadWorker: string;
  /** Takes what a person or a script reads. The address comes alone on a line. */
  print: (line: string) => void;
  log: Log;
}

/** What came of it: a console that serves until it is closed, or the address of one that did so already. */
export type Served = { address: string; close?: () => Promise<void> };

/**
 * The browser face: serves the console on loopback and prints the address that opens it. When a console runs on
 * this data folder already, a fresh address of that one is printed instead, and nothing is left to close.
 *
 * @throws {AlreadyRunning} when the running console is no browser face, or does not answer.
 * @throws whatever createConsole throws; Node's error when the port can't be had.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { print, log } = options;
  // Reading the files and making the console don't need each other.
  const files = loadAppFiles(options.renderer);
  files.catch(() => {});
  let face: BrowserFace | undefined;
  let running: RunningConsole;
  try {
    const { dataFolder, assets, workloadWorker } = options;
    const mintLink = (): string => (face ? face.mintLink() : '');
    running = await startOrFind({ dataFolder, assets, workloadWorker, mintLink, face: 'browser' }, log);
  } catch (error) {
    if (error instanceof AlreadyRunning) return joinRunning(error, options);
    throw error;
  }
  try {
    face = await startBrowserFace({
      answering: running.console,
      files: await files,
      port: options.port,
      log,
    });
  } catch (error) {
    await running.close();
    throw error;
  }
  for (const notice of running.console.notices) log(notice);
  const address = face.mintLink();
  print(address);
  if (options.open) openBrowser(face.mintLink());
  // Not waited for: the page shows the sample's progress too.
  if (options.sample) void startSample(running.client, print);
  return {
    address,
    close: async () => {
      await face.close();
      await running.close();
    },
  };
}

/**
 * Starts a console, or throws AlreadyRunning with what is known of the one that has the folder. One that is just
 * starting, or ending, gets 5 s to be there or gone.
 */
async function startOrFind(options: ConsoleOptions, log: Log): Promise<RunningConsole> {
  for (let waited = 0; ; waited += 250) {
    try {
      return await startRunningConsole(options, log);
    } catch (error) {
      if (!(error instanceof AlreadyRunning) || error.info || waited >= 5000) throw error;
      await wait(250);
    }
  }
}

/** Asks the console that has the data folder for a fresh address. */
async function joinRunning(taken: AlreadyRunning, options: ServeOptions): Promise<Served> {
  const { info } = taken;
  if (!info) throw taken;
  const { client, close } = await connectLocal(info.socket).catch(() => {
    throw taken;
  });
  try {
    const { address } = await client.console.link();
    if (address === null) throw taken;
    options.print(
      `Howdah already runs on ${options.dataFolder} (process ${info.pid}). A fresh address for it:`,
    );
    options.print(address);
    if (options.open) openBrowser((await client.console.link()).address ?? address);
    if (options.sample) await startSample(client, options.print);
    return { address };
  } finally {
    close();
  }
}
