import type { Explanation } from '../../../preload/contract/common.ts';
import { BackupFailure } from '../create/failure.ts';
import type { BucketSpec } from './spec.ts';

type Words = Omit<Explanation, 'server'>;

/** What the SDK, the network or TLS says when a bucket can't be used, in words. Undefined: it is no such error. */
export function bucketProblem(error: unknown, spec: BucketSpec): Explanation | undefined {
  const found = facts(error);
  if (!found) return undefined;
  const words = wordsFor(found, spec);
  return words && { ...words, server: { message: hidden(found.message, spec), system: found.name } };
}

/** The same as an error; what it does not know is given back as it is, unless its text holds the secret. */
export function bucketError(error: unknown, spec: BucketSpec): unknown {
  if (error instanceof BackupFailure) return error;
  const problem = bucketProblem(error, spec);
  return problem ? new BackupFailure(problem) : error;
}

interface Facts {
  name: string;
  status: number | undefined;
  message: string;
}

function facts(error: unknown): Facts | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message, code, Code, $metadata } = error as Error & {
    code?: unknown;
    Code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const said = [Code, code, name].find(
    (one): one is string => typeof one === 'string' && one !== 'Error' && one !== 'AggregateError',
  );
  const status = $metadata?.httpStatusCode;
  if (said === undefined && status === undefined) return undefined;
  return { name: said ?? String(status), status, message: message || String(said) };
}

/** A server's words should never hold the secret; a library's might. */
const hidden = (text: string, { secretKey }: BucketSpec): string =>
  secretKey ? text.replaceAll(secretKey, '•••') : text;

function wordsFor(
  { name, status, message }: Facts,
  { bucket, endpoint, region }: BucketSpec,
): Words | undefined {
  const where = endpoint ?? 'Amazon S3';
  const is = (pattern: RegExp): boolean => pattern.test(name);
  if (is(/^NoSuchBucket$/))
    return {
      cause: 'bucket-missing',
      what: `There is no bucket ${bucket} at ${where}.`,
      why: 'It was removed, its name is another, or it belongs to another server or account.',
      next: 'Make the bucket, or correct its name.',
    };
  if (is(/^(InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken|TokenRefreshRequired)/))
    return {
      cause: 'bucket-key-wrong',
      what: `${where} does not accept the access key.`,
      why: is(/^Signature/)
        ? 'The secret key does not belong to the access key.'
        : is(/Token/)
          ? 'It is of a session that is over.'
          : 'It does not know this access key.',
      next: 'Give the access key and its secret key anew.',
    };
  if (is(/^(CredentialsProviderError|TokenProviderError|CredentialsError)$/))
    return {
      cause: 'bucket-key-missing',
      what: 'There is no access key for the bucket.',
      why: 'The place has none, and none of the usual places of the AWS SDK has one: environment, ~/.aws, instance role.',
      next: 'Give an access key and its secret key.',
    };
  if (is(/^(RequestTimeTooSkewed|RequestInTheFuture|RequestExpired)$/))
    return {
      cause: 'clock-skew',
      what: `${where} refuses requests of this machine’s time.`,
      why: 'The clock here and the clock there differ by more than a quarter of an hour.',
      next: 'Set the clock of the machine that is wrong.',
    };
  if (
    is(/^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|301)$/) ||
    status === 301
  )
    return {
      cause: 'bucket-region',
      what: `The bucket ${bucket} is not in ${region}.`,
      why: 'A bucket is reached by the region that it was made in.',
      next: 'Give the place the bucket’s region.',
    };
  if (is(/^(PreconditionFailed|ConditionalRequestConflict)$/) || status === 412)
    return {
      cause: 'target-exists',
      what: 'An object of that key is in the bucket already.',
      why: 'Nothing is ever overwritten by a backup.',
      next: 'Choose another name.',
    };
  if (
    is(
      /^(SlowDown|Throttling|ThrottlingException|TooManyRequests|RequestLimitExceeded|ServiceUnavailable|BandwidthLimitExceeded)/,
    ) ||
    status === 503 ||
    status === 429
  )
    return {
      cause: 'bucket-throttled',
      what: `${where} takes no more requests now.`,
      why: 'It asked to slow down, and did so again after several tries.',
      next: 'Try again later, or at another hour.',
    };
  if (is(/^(QuotaExceeded|InsufficientCapacity|StorageFull|XMinioStorageFull)/) || status === 507)
    return {
      cause: 'bucket-full',
      what: `The bucket ${bucket} takes no more.`,
      why: 'Its quota or its server’s disk is used up.',
      next: 'Make room there, or choose another place.',
    };
  if (is(/^(NoSuchUpload)$/))
    return {
      cause: 'upload-gone',
      what: 'The upload is not there any more.',
      why: 'Somebody, or a rule of the bucket, ended it while it was under way, or the bucket was made anew.',
      next: 'Look at the bucket’s rules for unfinished uploads; then start again.',
    };
  if (
    is(/CERT|ERR_TLS|ERR_SSL|^EPROTO$|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/) ||
    /wrong version number/i.test(message)
  )
    return {
      cause: 'bucket-tls',
      what: `No safe connection to ${where} came about.`,
      why: is(/ALTNAME/)
        ? 'Its certificate is for another name.'
        : is(/EXPIRED/)
          ? 'Its certificate has expired.'
          : is(/SELF_SIGNED|UNABLE_TO/)
            ? 'Its certificate is by nobody whom this machine trusts.'
            : 'It does not speak TLS as it should; the address may be one of http.',
      next: 'Correct the address, or have Howdah started with NODE_EXTRA_CA_CERTS naming the file of your own authority.',
    };
  if (is(/^(ENOTFOUND|EAI_AGAIN)$/))
    return {
      cause: 'bucket-unreachable',
      what: `The host of ${where} is not known.`,
      why: 'No name server knows it. Without path style the bucket’s name is a part of the host’s.',
      next: 'Check the address and the region; for a server of your own, try path style.',
    };
  if (
    is(
      /^(ECONNREFUSED|ECONNRESET|EPIPE|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError|ERR_STREAM_PREMATURE_CLOSE|IncompleteBody)$/,
    ) ||
    /aborted|socket hang up/.test(message)
  )
    return {
      cause: 'bucket-unreachable',
      what: `${where} can’t be reached.`,
      why: 'It does not answer, or the connection was lost and did not come back after several tries.',
      next: 'Look whether the server runs and the network leads there; then try again.',
    };
  if (status === 403 || is(/^(AccessDenied|Forbidden|AllAccessDisabled|AccountProblem)$/))
    return {
      cause: 'bucket-denied',
      what: `${where} denies this in the bucket ${bucket}.`,
      why: 'The access key may not do it, or is not the right one.',
      next: 'Allow it GetObject, PutObject, DeleteObject, AbortMultipartUpload and ListBucket there, or give another key.',
    };
  if (status === 404 || is(/^(NoSuchKey|NotFound)$/))
    return {
      cause: 'backup-missing',
      what: 'There is no such object in the bucket.',
      why: 'It was removed, or the key is another.',
      next: 'Check the path.',
    };
  if (status === undefined) return undefined;
  return {
    cause: 'bucket-failed',
    what: `${where} answered with an error.`,
    why: status >= 500 ? 'Something is wrong there.' : 'It did not take the request.',
    next: 'Its own words say more; look at the server, then try again.',
  };
}
