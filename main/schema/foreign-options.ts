const secret = /pass|pwd|secret|token|credential|private|key$/i;

/** What stands in place of an option's value that sounds like a secret. */
export const hiddenValue = '(hidden)';

/** Options of foreign servers and tables; what sounds like a secret is taken out at once, and never goes further. */
export function withoutSecrets(options: string[]): string[] {
  return options.map((option) => {
    const name = option.slice(0, Math.max(0, option.indexOf('=')));
    return secret.test(name) ? `${name}=${hiddenValue}` : option;
  });
}
