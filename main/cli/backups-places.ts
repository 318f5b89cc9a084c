import type { Command } from 'commander';
import type { Bucket } from '../../preload/contract/backup-places.ts';
import type { ConsoleClient } from '../faces/index.ts';
import { printExplanation, printJson, printLine, printTable } from './output.ts';
import { typedSecret } from './password.ts';
import { CallProblem, type CommandRun } from './run.ts';

interface JsonOption {
  json?: boolean;
}

interface AddOptions extends JsonOption {
  bucket: string;
  prefix?: string;
  region?: string;
  endpoint?: string;
  pathStyle?: boolean;
  accessKey?: string;
}

/** `howdah backups places list|add|remove|test` */
export function placeCommands(backups: Command, run: CommandRun): void {
  const places = backups.command('places').description('buckets that backups go to, as s3://NAME/key');
  places
    .command('list', { isDefault: true })
    .option('--json', 'print JSON')
    .description('list them')
    .action((options: JsonOption) =>
      run(options, async (client) => {
        printPlaces(await client.backups.places.list(), options);
        return 0;
      }),
    );
  places
    .command('add')
    .argument('<name>', 'what paths call it: s3://NAME/key')
    .requiredOption('--bucket <bucket>', 'the bucket’s own name')
    .option('--prefix <prefix>', 'what every key begins with')
    .option('--region <region>', 'the region it was made in (default: us-east-1)')
    .option('--endpoint <url>', 'of a server that is not Amazon’s, such as https://minio.lan:9000')
    .option('--path-style', 'the bucket’s name goes into the path in place of the host name')
    .option(
      '--access-key <key>',
      'else the usual places of the AWS SDK; its secret comes by HOWDAH_S3_SECRET_KEY, or is asked for',
    )
    .option('--json', 'print JSON')
    .description('note a bucket')
    .action((name: string, options: AddOptions) =>
      run(options, async (client) => {
        const { accessKey } = options;
        const secretKey = accessKey === undefined ? undefined : await secretFor(accessKey);
        const place = await client.backups.places.add({
          draft: {
            name,
            bucket: options.bucket,
            prefix: options.prefix ?? '',
            pathStyle: options.pathStyle ?? false,
            endpoint: options.endpoint ?? null,
            accessKey: accessKey ?? null,
            ...(options.region === undefined ? {} : { region: options.region }),
          },
          ...(secretKey === undefined ? {} : { secretKey }),
        });
        printPlaces([place], options, place);
        return 0;
      }),
    );
  places
    .command('remove')
    .argument('<name>', 'of the place')
    .option('--json', 'print JSON')
    .description('forget a bucket and its secret key; what lies in it stays there')
    .action((name: string, options: JsonOption) =>
      run(options, async (client) => {
        const { id } = await placeNamed(client, name);
        const left = await client.backups.places.remove({ id });
        if (options.json) printJson(left);
        return 0;
      }),
    );
  places
    .command('test')
    .argument('<name>', 'of the place')
    .option('--json', 'print JSON')
    .description('write, read and remove one small object; exit code 1 when that does not work')
    .action((name: string, options: JsonOption) =>
      run(options, async (client) => {
        const { id } = await placeNamed(client, name);
        const result = await client.backups.places.test({ id });
        if (options.json) printJson(result);
        else if (result.problem) printExplanation(result.problem);
        else printLine(`${name} can be written to, read and cleared.`);
        return result.ok ? 0 : 1;
      }),
    );
}

async function placeNamed(client: ConsoleClient, name: string): Promise<Bucket> {
  const found = (await client.backups.places.list()).find(
    (one) => one.name.toLowerCase() === name.toLowerCase(),
  );
  if (found) return found;
  throw new CallProblem(`There is no place called ${name}; howdah backups places list shows all.`);
}

async function secretFor(accessKey: string): Promise<string | undefined> {
  return process.env.HOWDAH_S3_SECRET_KEY || (await typedSecret(`Secret key of ${accessKey}: `));
}

function printPlaces(places: Bucket[], { json }: JsonOption, one?: Bucket): void {
  if (json) printJson(one ?? places);
  else
    printTable(
      [
        { title: 'NAME', value: ({ name }) => name },
        { title: 'BUCKET', value: ({ bucket, prefix }) => (prefix === '' ? bucket : `${bucket}/${prefix}`) },
        { title: 'SERVER', value: ({ endpoint, region }) => endpoint ?? `Amazon S3, ${region}`, most: 60 },
        {
          title: 'KEY',
          value: ({ accessKey, hasSecret }) =>
            accessKey === null
              ? 'the AWS SDK’s own'
              : hasSecret
                ? accessKey
                : `${accessKey}, without its secret`,
        },
      ],
      places,
    );
}
