import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkCustom, checkDirectory, checkTar } from './check-archive.ts';
import { type DecodeFacts, decoded } from './decode.ts';
import { type Checked, type Findings, faultOf } from './findings.ts';
import { digestOf, type Manifest, type ManifestFile } from './manifest.ts';
import { PlainScan } from './plain-scan.ts';
import { manifestOf } from './read.ts';
import { type Recognised, recognise } from './recognise.ts';
import { utf8Of } from './utf8.ts';

/**
 * Reads all of a backup, and says what is wrong with it and what can't be known. First come the SHA-256 of a manifest that
 * Howdah wrote; then what the format itself can prove, so that backups of others are judged too.
 *
 * @param onBytes told how many more bytes have been read
 */
export async function check(path: string, onBytes: (bytes: number) => void, lz4 = 'lz4'): Promise<Checked> {
  const recognised = await recognise(path, lz4);
  const hashes = new Map<string, { hash: ReturnType<typeof createHash>; bytes: number }>();
  const found: Findings = {
    archive: null,
    faults: [],
    gaps: [],
    limits: [],
    proofs: [],
    lz4,
    onRaw: (chunk, name) => {
      onBytes(chunk.length);
      const one = hashes.get(name) ?? { hash: createHash('sha256'), bytes: 0 };
      one.hash.update(chunk);
      one.bytes += chunk.length;
      hashes.set(name, one);
    },
  };
  const manifest = await manifestOf(path);
  if (manifest instanceof Error) found.gaps.push(`The manifest beside it can’t be used: ${manifest.message}`);
  const { problem } = recognised;
  if (problem?.cause === 'lz4-missing') found.gaps.push(`${problem.what} Its content was not looked at.`);
  else if (recognised.text !== 'utf-8')
    found.gaps.push('It was written as UTF-16: letters beyond ASCII may have been lost when it was made.');
  else if (problem && !(manifest && recognised.encryption))
    found.faults.push(`${problem.what} ${problem.why}`);
  await checkFormat(path, recognised, found);

  if (manifest && !(manifest instanceof Error)) await compare(path, recognised, manifest, hashes, found);
  const { onRaw: _, lz4: __, ...said } = found;
  return { recognised, ...said };
}

async function checkFormat(path: string, recognised: Recognised, found: Findings): Promise<void> {
  const facts: DecodeFacts = { isChecked: false };
  const { wrapping, format, encryption } = recognised;
  const open = (): AsyncGenerator<Buffer> =>
    decoded(path, wrapping, { facts, lz4: found.lz4, onRaw: (chunk) => found.onRaw(chunk, '') });
  try {
    if (encryption) {
      for (const name of format === 'directory' ? await readdir(path) : [''])
        for await (const _ of decoded(name ? join(path, name) : path, 'none', {
          onRaw: (chunk) => found.onRaw(chunk, name),
        }));
      found.gaps.push('It is encrypted; its content was not looked at.');
    } else if (format === 'plain' || format === 'globals') await checkPlain(open(), recognised, found);
    else if (format === 'custom') await checkCustom(open(), found);
    else if (format === 'tar') await checkTar(open(), found);
    else if (format === 'directory') await checkDirectory(path, found);
  } catch (error) {
    const fault = faultOf(error, 'The file');
    if (fault.isGap) found.gaps.push(fault.said);
    else found.faults.push(fault.said);
    return;
  }
  if (wrapping !== 'none')
    if (facts.isChecked) {
      found.proofs.push(`The check values of ${wrapping} are right.`);
      // Nothing inside can have changed without them.
      found.limits.length = 0;
    } else
      found.limits.push(`It carries no check values of ${wrapping}: bytes changed inside can’t be seen.`);
}

async function checkPlain(
  source: AsyncGenerator<Buffer>,
  { text, wrapping }: Recognised,
  found: Findings,
): Promise<void> {
  const scan = new PlainScan();
  for await (const chunk of utf8Of(source, text)) scan.feed(chunk);
  const { isComplete, endsInside, endsBlank } = scan.end();
  if (isComplete) found.proofs.push('Its end mark is there.');
  else
    found.faults.push(
      endsInside
        ? `It is cut off inside the rows of ${endsInside}.`
        : 'It is cut off: its end mark is missing, or something follows it.',
    );
  if (isComplete && !endsBlank)
    found.limits.push('The blank line at its very end is missing, which changes nothing that it does.');
  if (wrapping === 'none')
    found.limits.push('A plain dump carries no check values: bytes changed inside can’t be seen.');
}

/** Holds what was read against what was written. */
async function compare(
  path: string,
  { format }: Recognised,
  manifest: Manifest,
  hashes: Map<string, { hash: ReturnType<typeof createHash>; bytes: number }>,
  found: Findings,
): Promise<void> {
  const isFolder = format === 'directory';
  const seen = new Map<string, ManifestFile>();
  for (const [name, { hash, bytes }] of hashes) seen.set(name, { name, bytes, sha256: hash.digest('hex') });
  const named = (name: string): string => (name === '' ? 'The file' : name);
  const wrong: string[] = [];
  for (const told of manifest.files) {
    // What the check did not come to, because it broke off or did not know of it.
    const size = (await stat(told.name ? join(path, told.name) : path).catch(() => undefined))?.size;
    let own = seen.get(told.name);
    if (size === undefined) wrong.push(`${named(told.name)} is missing.`);
    else if (size !== told.bytes)
      wrong.push(`${named(told.name)} is ${size} bytes; ${told.bytes} were written.`);
    else {
      if (!own || own.bytes !== told.bytes) own = await hashed(path, told.name);
      if (own.sha256 !== told.sha256)
        wrong.push(`${named(told.name)} is not what was written: its SHA-256 is another.`);
    }
  }
  if (digestOf(manifest.files) !== manifest.sha256) wrong.push('The manifest contradicts itself.');
  if (isFolder) {
    const known = new Set(manifest.files.map(({ name }) => name));
    for (const name of await readdir(path).catch(() => []))
      if (!known.has(name)) wrong.push(`${name} does not belong to the backup.`);
  }
  found.faults.unshift(...wrong);
  if (wrong.length === 0) {
    found.proofs.unshift('Every byte is what was written: the SHA-256 of its manifest are right.');
    found.limits.length = 0;
    found.gaps = found.gaps.filter((gap) => gap.startsWith('The manifest'));
  }
}

async function hashed(path: string, name: string): Promise<ManifestFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of decoded(name ? join(path, name) : path, 'none')) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch {
    return { name, bytes, sha256: '' };
  }
  return { name, bytes, sha256: hash.digest('hex') };
}
