import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { contentSecurityPolicy, makeNonce, noncePlaceholder } from './csp.ts';

/** One answer over HTTP, or over the desktop's own protocol. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** The built renderer, held in memory. */
export interface AppFiles {
  /**
   * The file under a URL's path. Paths without an extension are screens of the app and get `index.html`.
   * Any other path without a file is a 404. `accepts` is the Accept-Encoding header; without it the answer is not compressed.
   */
  answer(path: string, accepts?: string): Reply;
  /** Resolves once every file worth it has its compressed forms. */
  compressed: Promise<void>;
}

interface StoredFile {
  type: string;
  body: Buffer;
  /** Its name changes with its content, so it may be kept for good. */
  hashed: boolean;
  br?: Buffer;
  gzip?: Buffer;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const compressible = new Set(['.css', '.js', '.json', '.svg', '.ttf', '.txt', '.wasm']);

/**
 * Reads a folder of built files into memory. Only what was there is ever served: a path is looked up in a
 * map, never on the disk, so no path can lead outside.
 *
 * @throws when the folder or its `index.html` is missing.
 */
export async function loadAppFiles(folder: string): Promise<AppFiles> {
  const files = new Map<string, StoredFile>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = join(entry.parentPath, entry.name);
        const path = `/${relative(folder, file).split(sep).join('/')}`;
        const type = types[extname(path)] ?? 'application/octet-stream';
        files.set(path, { type, body: await readFile(file), hashed: path.startsWith('/assets/') });
      }),
  );
  const index = files.get('/index.html');
  if (!index) throw new Error(`${folder} holds no index.html. Build the app first: npm run build.`);
  const page = index.body.toString('utf8');

  return {
    answer: (path, accepts) => {
      if (path === '/' || path === '/index.html' || extname(path) === '') return pageAnswer(page);
      const file = files.get(path);
      return file ? fileAnswer(file, accepts ?? '') : notFound;
    },
    compressed: compressAll(files),
  };
}

const notFound: Reply = {
  status: 404,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  body: Buffer.from('There is no such file.\n'),
};

function pageAnswer(page: string): Reply {
  const nonce = makeNonce();
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': contentSecurityPolicy(nonce),
      'Cache-Control': 'no-store',
    },
    body: Buffer.from(page.replaceAll(noncePlaceholder, nonce)),
  };
}

function fileAnswer(file: StoredFile, accepts: string): Reply {
  const headers: Record<string, string> = {
    'Content-Type': file.type,
    'Cache-Control': file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    // A worker or an SVG opened by itself is a document of its own: it gets a policy too.
    'Content-Security-Policy': contentSecurityPolicy(makeNonce()),
    Vary: 'Accept-Encoding',
  };
  const encoding =
    file.br && /\bbr\b/.test(accepts) ? 'br' : file.gzip && /\bgzip\b/.test(accepts) ? 'gzip' : undefined;
  if (encoding) headers['Content-Encoding'] = encoding;
  return { status: 200, headers, body: (encoding && file[encoding]) || file.body };
}

/** Compresses after the start, beside everything else: a first page never waits for it. */
async function compressAll(files: ReadonlyMap<string, StoredFile>): Promise<void> {
  for (const [path, file] of files) {
    if (!compressible.has(extname(path)) || file.body.length < 1024) continue;
    const quality = {
      [constants.BROTLI_PARAM_QUALITY]: 5,
      [constants.BROTLI_PARAM_SIZE_HINT]: file.body.length,
    };
    file.br = await promisify(brotliCompress)(file.body, { params: quality });
    file.gzip = await promisify(gzip)(file.body);
  }
}
