/** A connection string that could not be read; `field` is the field it concerns, `message` says what is wrong and what is expected. */
export class UrlProblem extends Error {
  override name = 'UrlProblem';
  readonly field: 'url' | 'host' | 'port' | 'database' | 'user' | 'sslmode';
  constructor(field: UrlProblem['field'], message: string) {
    super(message);
    this.field = field;
  }
}

/** The field that a parameter of libpq concerns. */
export function fieldOf(parameter: string): UrlProblem['field'] {
  if (parameter === 'dbname') return 'database';
  if (parameter === 'hostaddr') return 'host';
  return parameter === 'host' || parameter === 'port' || parameter === 'user' || parameter === 'sslmode'
    ? parameter
    : 'url';
}
