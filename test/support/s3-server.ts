import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { platform, release } from 'node:os';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { debianTool, isSkipped } from './migration-tools.ts';
import { freePort } from './postgres.ts';
import { shortLived } from './short-lived.ts';

export interface S3Server {
  endpoint: string;
  port: number;
  accessKey: string;
  secretKey: string;
  /** Of another account, which may do nothing in these buckets. */
  stranger: { accessKey: string; secretKey: string };
  /** The SDK's own client, as somebody beside Howdah. */
  s3: S3Client;
  makeBucket(name: string): Promise<void>;
  keys(bucket: string): Promise<string[]>;
  /** Names of uploads that are neither completed nor aborted. */
  uploads(bucket: string): Promise<string[]>;
  /** Aborts them all, as a rule of the bucket might. */
  endUploads(bucket: string): Promise<void>;
  kill(): Promise<void>;
  /** The same again on the same port, with all that lay there. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const python = '/usr/bin/python3';

/** Debian's OpenStack Swift, a real S3 server: multipart uploads, signatures, listings, ranges. */
export async function s3Server(): Promise<string | undefined> {
  const packages = ['swift-proxy', 'swift-account', 'swift-container', 'swift-object'];
  const found = await debianTool('swift-proxy-server', packages);
  return isSkipped(found) ? found.skipped : undefined;
}

export async function startS3(): Promise<S3Server> {
  const folder = mkdtempSync(join(hasMemoryAttributes() ? shortLived : '/tmp', 'howdah-test-s3-'));
  const port = await freePort();
  const [accessKey, secretKey] = ['test:tester', 'a-secret-that-never-shows'];
  const stranger = { accessKey: 'other:guest', secretKey: 'another-secret' };
  const endpoint = `http://127.0.0.1:${port}`;
  const s3 = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const users = [`${accessKey} ${secretKey} .admin`, `${stranger.accessKey} ${stranger.secretKey} .admin`];
  const start = () => launch([join(import.meta.dirname, 's3-server.py'), folder, String(port), ...users]);
  let child = await start();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  };
  return {
    endpoint,
    port,
    accessKey,
    secretKey,
    stranger,
    s3,
    makeBucket: async (name) => void (await s3.send(new CreateBucketCommand({ Bucket: name }))),
    keys: async (bucket) => {
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      return (Contents ?? []).map(({ Key }) => Key ?? '');
    },
    uploads: async (bucket) => {
      const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      return (Uploads ?? []).map(({ Key }) => Key ?? '');
    },
    endUploads: async (bucket) => {
      const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      for (const { Key, UploadId } of Uploads ?? [])
        await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    },
    kill,
    restart: async () => {
      await kill();
      child = await start();
    },
    stop: async () => {
      s3.destroy();
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Swift keeps what it knows of an object in attributes of its file, which tmpfs has had since Linux 6.6. */
function hasMemoryAttributes(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return platform() === 'linux' && (major > 6 || (major === 6 && minor >= 6));
}

async function launch(args: string[]): Promise<ChildProcess> {
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (text) => errors.push(String(text)));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text) => String(text).includes('ready') && resolve());
    child.once('exit', () => reject(new Error(`The S3 server did not start: ${errors.join('')}`)));
  });
  return child;
}
