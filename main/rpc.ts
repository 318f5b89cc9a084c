import { implement, ORPCError } from '@orpc/server';
import { Environment } from '../preload/contract/environments.ts';
import { contract } from '../preload/contract/index.ts';
import { checkProtection, redact } from './guard/index.ts';
import { fail } from './lib/fail.ts';
import { serverWords } from './servers/index.ts';

/** Who calls. Each face gives one for each of its connections. */
export interface RpcContext {
  /** For the audit log, for example `ada via desktop`. */
  who: string;
}

/** The part of the audit log that the middleware writes. */
export interface AuditTrail {
  begin(start: {
    at: number;
    who: string;
    environment?: { id: string; name: string };
    procedure: string;
    risk: 'change' | 'destroy';
    /** Already redacted. */
    input: unknown;
  }): number;
  /** `environment` is given where only the outcome tells it: for one that was just added. */
  finish(
    id: number,
    outcome: 'done' | 'failed' | 'refused',
    tookMs: number,
    result: string,
    environment?: { id: string; name: string },
  ): void;
}

export interface GuardNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  audit: AuditTrail;
}

/**
 * The contract, ready to be implemented: every procedure built on it goes through the one middleware that
 * enforces protection by the procedure's risk and writes the audit log before and after.
 */
export function implementContract({ findEnvironment, audit }: GuardNeeds) {
  return (
    implement(contract)
      .$context<RpcContext>()
      // Input is checked before the middleware runs, so that it sees only inputs of the right shape.
      .$config({ initialInputValidationIndex: Number.NEGATIVE_INFINITY })
      .use(async ({ context, next, path, procedure }, input: unknown) => {
        const { risk, target, audited } = procedure['~orpc'].meta;
        try {
          const ref = environmentOf(input);
          const environment = ref === undefined ? undefined : findEnvironment(ref);
          if (risk === 'read' || audited === false) return await next();

          const from = Date.now();
          const id = audit.begin({
            at: from,
            who: context.who,
            ...(environment ? { environment: { id: environment.id, name: environment.name } } : {}),
            procedure: path.join('.'),
            risk,
            input: redact(input),
          });
          try {
            if (target === 'server') checkProtection(orUnknown(environment, path), confirmOf(input));
            const result = await next();
            audit.finish(
              id,
              isInVain(result.output) ? 'failed' : 'done',
              Date.now() - from,
              asResultText(result.output),
              environmentIn(result.output),
            );
            return result;
          } catch (error) {
            const shown = toContractError(error);
            audit.finish(id, isRefusal(shown) ? 'refused' : 'failed', Date.now() - from, shown.message);
            throw shown;
          }
        } catch (error) {
          throw toContractError(error);
        }
      })
  );
}

/** The implementer that rooms build their routers with. */
export type Implementer = ReturnType<typeof implementContract>;

function environmentOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('environment' in input)) return undefined;
  return typeof input.environment === 'string' ? input.environment : undefined;
}

function confirmOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('confirm' in input)) return undefined;
  return typeof input.confirm === 'string' ? input.confirm : undefined;
}

/** A procedure that acts on a server without saying which would go round its protection. */
function orUnknown(environment: Environment | undefined, path: readonly string[]): Environment {
  if (!environment) throw new Error(`${path.join('.')} acts on a server but names no environment.`);
  return environment;
}

function isRefusal(error: ORPCError<string, unknown>): boolean {
  return error.code === 'PROTECTED_READ_ONLY' || error.code === 'CONFIRMATION_REQUIRED';
}

/** An act of which every single part came to nothing. */
function isInVain(output: unknown): boolean {
  const results =
    typeof output === 'object' && output !== null && 'results' in output ? output.results : undefined;
  return (
    Array.isArray(results) && results.every(({ outcome }) => outcome === 'gone' || outcome === 'refused')
  );
}

function environmentIn(output: unknown): Environment | undefined {
  return Environment.safeParse(output).data;
}

/** What came of an act, for the audit log: in words where the output has them, else as JSON. */
function asResultText(output: unknown): string {
  if (output === undefined || output === null) return '';
  if (typeof output !== 'object') return String(output);
  if (Symbol.asyncIterator in output) return '';
  if ('results' in output && Array.isArray(output.results)) {
    return output.results
      .map(({ pid, outcome, message, who, what }) => `${pid} ${outcome}: ${message} ${who}, ${what}`)
      .join('\n');
  }
  if ('name' in output && typeof output.name === 'string') return output.name;
  return JSON.stringify(redact(output));
}

/** An error nobody foresaw is passed on whole, never swallowed. */
function toContractError(error: unknown): ORPCError<string, unknown> {
  if (error instanceof ORPCError) return error;
  const server = serverWords(error);
  const isServer = server?.sqlstate !== undefined;
  return fail(isServer ? 'SERVER_ERROR' : 'UNEXPECTED', {
    cause: isServer ? 'server-error' : 'unexpected',
    what: isServer ? 'The server answered with an error.' : 'Something went wrong inside Howdah.',
    why: server?.message ?? '',
    next: isServer
      ? 'Its own words are below.'
      : 'The message is shown whole; please report it if it comes again.',
    server,
  });
}
