import { Writable } from 'node:stream';
import { type BucketClient, openBucket } from './client.ts';
import { partSize, partsAtOnce, type RemoteUpload, type UploadedPart } from './spec.ts';

/**
 * A stream into an object: in parts, some on their way at once, or as a whole where no upload is open. It is finished
 * when all of it is there; the upload is then to be completed by whoever opened it. Of nothing nothing is sent.
 */
export async function bucketSink(to: RemoteUpload): Promise<{ stream: Writable; parts(): UploadedPart[] }> {
  const client = await openBucket(to.spec);
  const parts: UploadedPart[] = [];
  const flying = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  let waiting: Buffer[] = [];
  let bytes = 0;
  let number = 0;

  const send = async (body: Buffer): Promise<void> => {
    number += 1;
    while (flying.size >= partsAtOnce(body.length)) await Promise.race(flying);
    if (failure) throw failure.error;
    const flight = sendPart(client, to, number, body).then(
      (part) => void parts.push(part),
      (error: unknown) => {
        failure ??= { error };
      },
    );
    flying.add(flight);
    void flight.finally(() => flying.delete(flight));
  };
  /** Sends as many whole parts as have come. */
  const flush = async (): Promise<void> => {
    for (let size = nextSize(); bytes >= size; size = nextSize()) {
      const all = Buffer.concat(waiting);
      const rest = all.subarray(size);
      waiting = rest.length > 0 ? [Buffer.from(rest)] : [];
      bytes = rest.length;
      await send(all.subarray(0, size));
    }
    if (failure) throw failure.error;
  };
  const nextSize = (): number => partSize(number + 1, to.partBytes);
  const finish = async (): Promise<void> => {
    if (to.upload === null) await client.put(to.key, Buffer.concat(waiting), to.run);
    else if (bytes > 0) await send(Buffer.concat(waiting));
    await Promise.all(flying);
    if (failure) throw failure.error;
  };
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      waiting.push(chunk);
      bytes += chunk.length;
      if (to.upload === null) done();
      else flush().then(() => done(), done);
    },
    final(done) {
      finish().then(() => done(), done);
    },
    destroy(error, done) {
      client.close();
      done(error);
    },
  });
  return { stream, parts: () => parts.sort((a, b) => a.number - b.number) };
}

const sendPart = (
  client: BucketClient,
  to: RemoteUpload,
  number: number,
  body: Buffer,
): Promise<UploadedPart> => client.part(to.key, to.upload ?? '', number, body);
