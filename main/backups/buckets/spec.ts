/** A bucket with all that it takes to reach it, also from another thread. */
export interface BucketSpec {
  bucket: string;
  region: string;
  endpoint: string | null;
  pathStyle: boolean;
  accessKey: string | null;
  secretKey: string | null;
}

/** An object to be read. */
export interface RemoteFile {
  spec: BucketSpec;
  /** With the prefix. */
  key: string;
}

/** An object to be written: in parts under an upload that is open, or at once where there is none. */
export interface RemoteUpload extends RemoteFile {
  upload: string | null;
  /** Marks the object as this run's. */
  run: string;
  /** Bytes of the first parts; later ones are larger, because there are at most 10,000. */
  partBytes: number;
}

export interface UploadedPart {
  number: number;
  etag: string;
}

const mebibyte = 1024 * 1024;
export const leastPart = 8 * mebibyte;
/** Parts that are of the first size. */
const evenParts = 5000;

/**
 * How large the parts of something are whose size can only be guessed. With the first 5,000 parts of this size and the
 * later ones growing, 13 times as much fits into the 10,000 parts that there may be.
 */
export const firstPart = (guessedBytes: number): number =>
  Math.max(leastPart, Math.ceil(guessedBytes / evenParts / mebibyte) * mebibyte);

/** Bytes of the part of this number, from 1 on. */
export const partSize = (number: number, first: number): number =>
  first * 2 ** Math.max(0, Math.ceil((number - evenParts) / 1000));

/** Parts on their way at once: two small ones, one large one. */
export const partsAtOnce = (bytes: number): number => (bytes > 4 * leastPart ? 1 : 2);
