/**
 * That there is no environment of a name. What looks like a connection string is not repeated: a mistyped one may hold
 * a password.
 */
export function noEnvironment(ref: string): string {
  return /[:@=/]/.test(ref) || ref.length > 80
    ? 'There is no environment of that name, and it is no connection string: those begin with postgres:// or read key=value.'
    : `There is no environment "${ref}".`;
}
