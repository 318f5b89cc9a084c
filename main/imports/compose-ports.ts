import { textAt, type Yaml } from './yaml.ts';

/** Where a port inside a container is reached from outside: nowhere, on a port chosen at each start, or there. */
export type Published = { state: 'known'; host: string; port: string } | { state: 'none' | 'random' };

/** Finds where `inside` is published by a service's `ports` (Compose specification, "ports"). */
export function publishedAddress(
  ports: readonly Yaml[],
  inside: string,
  put: (text: string) => string,
): Published {
  let best: Published = { state: 'none' };
  for (const port of ports) {
    const one = port.kind === 'scalar' ? short(put(port.text), inside) : long(port, inside, put);
    if (one.state === 'known') return one;
    if (one.state === 'random') best = one;
  }
  return best;
}

/** `[host:][published:]inside[/protocol]`, ports as ranges where wanted. */
function short(text: string, inside: string): Published {
  const match = /^(?:(?:(\[[^\]]+\]|[^:]*):)?([\d-]*):)?([\d-]+)(?:\/(\w+))?$/.exec(text.trim());
  if (!match) return { state: 'none' };
  const [, ip = '', published = '', target = '', protocol = 'tcp'] = match;
  if (protocol !== 'tcp') return { state: 'none' };
  return mapped(ip, published, target, inside);
}

function long(port: Yaml, inside: string, put: (text: string) => string): Published {
  const take = (key: string): string => put(textAt(port, key) ?? '').trim();
  if ((take('protocol') || 'tcp') !== 'tcp') return { state: 'none' };
  return mapped(take('host_ip'), take('published'), take('target'), inside);
}

function mapped(ip: string, published: string, target: string, inside: string): Published {
  const targets = range(target);
  const wanted = Number(inside);
  if (!targets || wanted < targets.from || wanted > targets.to) return { state: 'none' };
  if (published === '' || published === '0') return { state: 'random' };
  const outside = range(published);
  if (!outside) return { state: 'none' };
  const count = targets.to - targets.from;
  // A range for one port: Docker takes whichever of them is free.
  if (outside.to - outside.from !== count) return { state: 'random' };
  return { state: 'known', host: hostOf(ip), port: String(outside.from + wanted - targets.from) };
}

function range(text: string): { from: number; to: number } | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const from = Number(match[1]);
  const to = match[2] === undefined ? from : Number(match[2]);
  return to < from ? undefined : { from, to };
}

/** An address that means every interface is reached as localhost. */
function hostOf(ip: string): string {
  const bare = ip.replace(/^\[|\]$/g, '');
  return bare === '' || bare === '0.0.0.0' || bare === '::' || bare === '*' ? 'localhost' : bare;
}
