import { join } from 'node:path';

const jars = [
  'commons-collections4',
  'commons-io',
  'commons-lang3',
  'commons-text',
  'jaxb-api',
  'jaxb-core',
  'jaxb-runtime',
  'liquibase-core',
  'opencsv',
  'picocli',
  'postgresql',
  'snakeyaml',
];

/**
 * Java's arguments that start Liquibase from its npm package, with the jars that PostgreSQL needs: it looks through all
 * that it is given, and takes more than twice as long with the drivers of the other databases.
 *
 * @param installed the folder whose `node_modules` has the package
 */
export function liquibaseArguments(installed: string): string[] {
  const lib = join(installed, 'node_modules/liquibase/dist/liquibase/internal/lib');
  return [
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-cp',
    jars.map((jar) => join(lib, `${jar}.jar`)).join(':'),
    'liquibase.integration.commandline.LiquibaseCommandLine',
  ];
}
