import { networkInterfaces } from 'node:os';

/** How often the clock and the network are looked at, ms. */
const beatMs = 2000;

/** A beat this late, ms, means that the machine slept. */
const sleptMs = 6000;

export interface MachineWatch {
  stop(): void;
}

export interface MachineEyes {
  /** ms since 1970. */
  now(): number;
  /** The machine's addresses in one text. */
  network(): string;
}

const realEyes: MachineEyes = { now: () => Date.now(), network: addresses };

/**
 * Calls `onChange` once this machine has woken from sleep or its network has changed: whatever was connected may be
 * gone without a word, and whatever was lost may be back.
 */
export function watchMachine(
  onChange: (what: 'woke' | 'network') => void,
  eyes: MachineEyes = realEyes,
): MachineWatch {
  let last = eyes.now();
  let network = eyes.network();
  const timer = setInterval(() => {
    const now = eyes.now();
    const present = eyes.network();
    const slept = now - last > sleptMs;
    const moved = present !== network;
    last = now;
    network = present;
    if (slept) onChange('woke');
    else if (moved) onChange('network');
  }, beatMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function addresses(): string {
  return Object.entries(networkInterfaces())
    .flatMap(([name, found = []]) =>
      found.filter(({ internal }) => !internal).map(({ address }) => `${name} ${address}`),
    )
    .sort()
    .join('\n');
}
