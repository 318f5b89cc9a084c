import type { Bucket, BucketDraft } from '../../../preload/contract/backup-places.ts';

/** A bucket as the form holds it. */
export interface PlaceForm {
  name: string;
  bucket: string;
  prefix: string;
  region: string;
  endpoint: string;
  pathStyle: boolean;
  accessKey: string;
  secretKey: string;
}

export function formOf(bucket: Bucket | undefined): PlaceForm {
  return {
    name: bucket?.name ?? '',
    bucket: bucket?.bucket ?? '',
    prefix: bucket?.prefix ?? '',
    region: bucket?.region ?? 'us-east-1',
    endpoint: bucket?.endpoint ?? '',
    pathStyle: bucket?.pathStyle ?? false,
    accessKey: bucket?.accessKey ?? '',
    secretKey: '',
  };
}

interface Sent {
  draft: BucketDraft;
  secretKey?: string;
}

/** What is sent of it; an empty secret leaves the one that is kept. */
export function sentOf(form: PlaceForm): Sent {
  const { name, bucket, prefix, region, endpoint, pathStyle, accessKey, secretKey } = form;
  return {
    draft: {
      name: name.trim(),
      bucket: bucket.trim(),
      prefix: prefix.trim(),
      region: region.trim(),
      endpoint: endpoint.trim() || null,
      pathStyle,
      accessKey: accessKey.trim() || null,
    },
    ...(secretKey === '' ? {} : { secretKey }),
  };
}

type PlaceFaults = Partial<Record<keyof PlaceForm, string>>;

/** What has to be mended before it is sent. */
export function placeFaults({ name, bucket, endpoint, accessKey, secretKey }: PlaceForm): PlaceFaults {
  const faults: PlaceFaults = {};
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name.trim()))
    faults.name = 'Letters, digits, “.”, “_” and “-”; at most 63.';
  if (bucket.trim().length < 3 || bucket.trim().length > 63) faults.bucket = 'From 3 to 63 characters.';
  if (endpoint.trim() !== '' && !/^https?:\/\/[^\s/]+/.test(endpoint.trim()))
    faults.endpoint = 'An address such as https://minio.lan:9000.';
  if (secretKey !== '' && accessKey.trim() === '') faults.accessKey = 'The secret key needs its access key.';
  return faults;
}
