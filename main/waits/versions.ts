/** An application's name with the version it runs, as services put them into `application_name`. */
export interface Versioned {
  application: string;
  version: string;
}

/** Tools of people, who each have their own version: theirs are no deploys. */
const tools =
  /^(?:dbeaver|datagrip|pgadmin|navicat|psql|pg_\w+|postico|tableplus|beekeeper|postgresql jdbc|howdah)/i;

/** `billing 2.14.1`, `billing@2.14.1`, `billing/v2.14`, `billing-2.14.1-rc.1`. */
const numbered = /^(.*?[^\s/@:_-])[\s/@:_-]+v?(\d+(?:\.\d+){1,2}(?:[-+][\w.+-]*)?)$/i;
/** `billing@4f2c1ab`, `billing:4f2c1ab9`: a commit, which has digits and letters. */
const committed = /^(.*?[^\s/@:])[\s/@:]+((?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40})$/i;

/** Takes an application's name apart; undefined where it names no version. */
export function versionIn(name: string): Versioned | undefined {
  if (tools.test(name)) return undefined;
  const [, application, version] = numbered.exec(name) ?? committed.exec(name) ?? [];
  return application && version ? { application, version } : undefined;
}
