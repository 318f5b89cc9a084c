import { Readable } from 'node:stream';
import type {
  ListMultipartUploadsCommandInput,
  ListMultipartUploadsCommandOutput,
  S3Client,
  S3ClientConfig,
} from '@aws-sdk/client-s3';
import type { Explanation } from '../../../preload/contract/common.ts';
import { BackupFailure } from '../create/failure.ts';
import { bucketError } from './problems.ts';
import type { BucketSpec, UploadedPart } from './spec.ts';

/** An object as the bucket tells of it. */
export interface ObjectFacts {
  bytes: number;
  /** When it was put there, ms. */
  at: number;
  etag: string;
  /** The run that has put it there, where Howdah did. */
  run: string | null;
}

/** One bucket. Keys come with the prefix. Everything throws BackupFailure with words for it, or the signal's reason. */
export interface BucketClient {
  /** Undefined: there is none. */
  head(key: string, signal?: AbortSignal): Promise<ObjectFacts | undefined>;
  /** Puts a small object, and never over another as far as the server can tell. */
  put(key: string, body: Uint8Array, run: string, signal?: AbortSignal): Promise<void>;
  /** All of an object, or a part; after a lost connection it goes on where it was. */
  read(key: string, options?: { signal?: AbortSignal | undefined; first?: number }): Readable;
  /** Keys that begin so, in order. */
  list(prefix: string, signal?: AbortSignal): AsyncGenerator<{ key: string; bytes: number; at: number }>;
  remove(key: string): Promise<void>;
  begin(key: string, run: string, signal?: AbortSignal): Promise<string>;
  part(key: string, upload: string, number: number, body: Uint8Array): Promise<UploadedPart>;
  complete(key: string, upload: string, parts: readonly UploadedPart[], signal?: AbortSignal): Promise<void>;
  /** Uploads of keys that begin so which are neither completed nor ended. */
  openUploads(prefix: string, signal?: AbortSignal): AsyncGenerator<OpenUpload>;
  /** When its newest part came; undefined: it has none, or is not there any more. */
  newestPart(key: string, upload: string, signal?: AbortSignal): Promise<number | undefined>;
  /** One that is not there any more is no error. */
  abort(key: string, upload: string): Promise<void>;
  close(): void;
}

/** An upload that is neither completed nor ended. */
export interface OpenUpload {
  key: string;
  upload: string;
  /** When it was begun, ms. */
  at: number;
}

const runMark = 'howdah-run';
/** Tries of a request, with growing pauses between them. */
const tries = 5;
/** How often a download is taken up again. */
const resumes = 4;

/** The SDK is loaded by the first that needs it: it is large. */
export async function openBucket(spec: BucketSpec, { attempts = tries } = {}): Promise<BucketClient> {
  const sdk = await import('@aws-sdk/client-s3');
  const client: S3Client = new sdk.S3Client(configOf(spec, attempts));
  const Bucket = spec.bucket;

  const words = async <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw bucketError(error, spec);
    }
  };
  const abortable = (signal: AbortSignal | undefined) => (signal ? { abortSignal: signal } : {});
  /** Some servers know no conditions and say so; then the look before has to do. */
  const onlyNew = async <T>(work: (condition: { IfNoneMatch?: string }) => Promise<T>): Promise<T> => {
    try {
      return await work({ IfNoneMatch: '*' });
    } catch (error) {
      if (statusOf(error) !== 501) throw error;
      return await work({});
    }
  };

  async function* chunks(
    key: string,
    first: number | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<Buffer> {
    let at = 0;
    let etag: string | undefined;
    let total: number | undefined;
    for (let left = resumes; ; left -= 1) {
      try {
        const last = first === undefined ? '' : String(first - 1);
        const Range = at > 0 || first !== undefined ? `bytes=${at}-${last}` : undefined;
        const given = { Bucket, Key: key, ...(Range ? { Range } : {}), ...(etag ? { IfMatch: etag } : {}) };
        const got = await client.send(new sdk.GetObjectCommand(given), abortable(signal));
        etag ??= got.ETag;
        total ??= got.ContentLength;
        if (!(got.Body instanceof Readable)) throw new Error('The SDK gave no stream.');
        for await (const chunk of got.Body) {
          at += (chunk as Buffer).length;
          yield chunk as Buffer;
        }
        if (total === undefined || at >= total) return;
        throw Object.assign(new Error('The answer ended early.'), { code: 'IncompleteBody' });
      } catch (error) {
        signal?.throwIfAborted();
        const status = statusOf(error);
        if (status === 412) throw new BackupFailure(changed(key));
        // An empty object has no range.
        if (status === 416 && at === 0) return;
        if (left === 0 || (status !== undefined && status < 500)) throw bucketError(error, spec);
      }
    }
  }

  return {
    head: (key, signal) =>
      words(async () => {
        try {
          const got = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: key }), abortable(signal));
          return {
            bytes: got.ContentLength ?? 0,
            at: got.LastModified?.getTime() ?? 0,
            etag: got.ETag ?? '',
            run: got.Metadata?.[runMark] ?? null,
          };
        } catch (error) {
          if (statusOf(error) === 404) return undefined;
          throw error;
        }
      }, signal),
    put: (key, body, run, signal) =>
      words(async () => {
        const given = { Bucket, Key: key, Body: body, Metadata: { [runMark]: run } };
        await onlyNew((condition) =>
          client.send(new sdk.PutObjectCommand({ ...given, ...condition }), abortable(signal)),
        );
      }, signal),
    read: (key, { signal, first } = {}) => Readable.from(chunks(key, first, signal), { objectMode: false }),
    list: async function* (prefix, signal) {
      let token: string | undefined;
      do {
        const page = { Bucket, Prefix: prefix, ...(token ? { ContinuationToken: token } : {}) };
        const got = await words(
          () => client.send(new sdk.ListObjectsV2Command(page), abortable(signal)),
          signal,
        );
        for (const { Key, Size, LastModified } of got.Contents ?? [])
          if (Key !== undefined) yield { key: Key, bytes: Size ?? 0, at: LastModified?.getTime() ?? 0 };
        token = got.IsTruncated ? got.NextContinuationToken : undefined;
      } while (token);
    },
    remove: (key) =>
      words(async () => {
        await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: key }));
      }),
    begin: (key, run, signal) =>
      words(async () => {
        const given = { Bucket, Key: key, Metadata: { [runMark]: run } };
        const { UploadId } = await client.send(
          new sdk.CreateMultipartUploadCommand(given),
          abortable(signal),
        );
        if (!UploadId) throw new Error('The server gave no name to the upload.');
        return UploadId;
      }, signal),
    part: (key, upload, number, body) =>
      words(async () => {
        const given = { Bucket, Key: key, UploadId: upload, PartNumber: number, Body: body };
        const { ETag } = await client.send(new sdk.UploadPartCommand(given));
        return { number, etag: ETag ?? '' };
      }),
    complete: (key, upload, parts, signal) =>
      words(async () => {
        const Parts = parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
        const given = { Bucket, Key: key, UploadId: upload, MultipartUpload: { Parts } };
        await onlyNew((condition) =>
          client.send(new sdk.CompleteMultipartUploadCommand({ ...given, ...condition }), abortable(signal)),
        );
      }, signal),
    openUploads: async function* (prefix, signal) {
      let page: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
      while (page) {
        const given: ListMultipartUploadsCommandInput = { Bucket, Prefix: prefix, ...page };
        const got: ListMultipartUploadsCommandOutput = await words(
          () => client.send(new sdk.ListMultipartUploadsCommand(given), abortable(signal)),
          signal,
        );
        for (const { Key, UploadId, Initiated } of got.Uploads ?? [])
          if (Key !== undefined && UploadId)
            yield { key: Key, upload: UploadId, at: Initiated?.getTime() ?? Date.now() };
        const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = got;
        page =
          IsTruncated && NextKeyMarker
            ? {
                KeyMarker: NextKeyMarker,
                ...(NextUploadIdMarker ? { UploadIdMarker: NextUploadIdMarker } : {}),
              }
            : undefined;
      }
    },
    newestPart: (key, upload, signal) =>
      words(async () => {
        let newest: number | undefined;
        let marker: string | undefined;
        try {
          do {
            const page = marker === undefined ? {} : { PartNumberMarker: marker };
            const given = { Bucket, Key: key, UploadId: upload, ...page };
            const got = await client.send(new sdk.ListPartsCommand(given), abortable(signal));
            for (const { LastModified } of got.Parts ?? [])
              newest = Math.max(newest ?? 0, LastModified?.getTime() ?? Date.now());
            marker = got.IsTruncated ? got.NextPartNumberMarker : undefined;
          } while (marker !== undefined);
        } catch (error) {
          if (statusOf(error) !== 404) throw error;
        }
        return newest;
      }, signal),
    abort: (key, upload) =>
      words(async () => {
        try {
          await client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key: key, UploadId: upload }));
        } catch (error) {
          if (statusOf(error) !== 404) throw error;
        }
      }),
    close: () => client.destroy(),
  };
}

function configOf(
  { region, endpoint, pathStyle, accessKey, secretKey }: BucketSpec,
  attempts: number,
): S3ClientConfig {
  return {
    region,
    ...(endpoint === null ? {} : { endpoint }),
    forcePathStyle: pathStyle,
    ...(accessKey === null
      ? {}
      : { credentials: { accessKeyId: accessKey, secretAccessKey: secretKey ?? '' } }),
    maxAttempts: attempts,
    // Amazon's own check values are not known to every server that speaks like it; all is read back and hashed anyway.
    ...(endpoint === null
      ? {}
      : { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' }),
    requestHandler: { connectionTimeout: 10_000, requestTimeout: 120_000, socketTimeout: 60_000 },
    // Its warnings are for programmers, and go to the terminal.
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  };
}

const changed = (key: string): Explanation => ({
  cause: 'backup-changed',
  what: `${key} has changed while it was read.`,
  why: 'Another object of that key was put into the bucket meanwhile.',
  next: 'Try again, and look who writes there.',
});

const quiet = (): void => undefined;

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
