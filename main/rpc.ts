import { implement, ORPCError } from '@orpc/server';
import { Environment } from '../preload/contract/environments.ts';
import { contract } from '../preload/contract/index.ts';
import { checkProtection } from './guard/index.ts';
import { fail } from './lib/fail.ts';
import { masked, redact } from './lib/mask.ts';
import { serverWords } from './servers/index.ts';

/** Who calls. Each face gives one for each of its connections. */
export interface RpcContext {
  /** For the audit log, for example `ada via desktop`. */
  who: string;
}

interface AuditedEnvironment {
  id: string;
  name: string;
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
  /** Notes what was done on servers, to be laid over the charts. */
  acts?: ServerActs;
}

/** An act on a server, from its beginning to its end. */
export interface ServerActs {
  begin(who: string): {
    run<T>(work: () => T): T;
    succeed(environment: string, procedure: readonly string[]): void;
    end(): void;
  };
}

/**
 * The contract, ready to be implemented: every procedure built on it goes through the one middleware that
 * enforces protection by the procedure's risk and writes the audit log before and after.
 */
export function implementContract({ findEnvironment, audit, acts }: GuardNeeds) {
  return (
    implement(contract)
      .$context<RpcContext>()
      // Input is checked before the middleware runs, so that it sees only inputs of the right shape.
      .$config({ initialInputValidationIndex: Number.NEGATIVE_INFINITY })
      .use(async ({ context, next, path, procedure, signal }, input: unknown) => {
        const { risk, target, audited } = procedure['~orpc'].meta;
        try {
          const ref = environmentOf(input);
          const environment = ref === undefined ? undefined : findEnvironment(ref);
          let concerned: AuditedEnvironment | undefined;
          // For handlers of acts whose input names no environment: tells the audit log which one it is about.
          const concerns = (one: AuditedEnvironment | undefined): void => {
            concerned = one;
          };
          if (risk === 'read' || audited === false) return await next({ context: { concerns } });

          const from = Date.now();
          const id = audit.begin({
            at: from,
            who: context.who,
            ...(environment ? { environment: { id: environment.id, name: environment.name } } : {}),
            procedure: path.join('.'),
            risk,
            input: redact(input),
          });
          const act = target === 'server' ? acts?.begin(context.who) : undefined;
          const within = <T>(work: () => T): T => (act ? act.run(work) : work());
          const succeed = (output: unknown): void => {
            const inVain = isInVain(output);
            audit.finish(
              id,
              inVain ? 'failed' : 'done',
              Date.now() - from,
              asResultText(output),
              environmentIn(output) ?? concerned,
            );
            if (environment && !inVain) act?.succeed(environment.id, path);
            act?.end();
          };
          const failWith = (error: unknown): ORPCError<string, unknown> => {
            act?.end();
            const shown = toContractError(error);
            const outcome = isRefusal(shown) ? 'refused' : 'failed';
            audit.finish(id, outcome, Date.now() - from, masked(shown.message), concerned);
            return shown;
          };
          try {
            if (target === 'server') checkProtection(orUnknown(environment, path), confirmOf(input));
            const result = await within(() => next({ context: { concerns } }));
            if (isStream(result.output)) {
              // It has only begun: what came of it is known at its end.
              const output = watched(result.output, signal, { succeed, failWith, within });
              return { ...result, output: output as typeof result.output };
            }
            succeed(result.output);
            return result;
          } catch (error) {
            throw failWith(error);
          }
        } catch (error) {
          throw toContractError(error);
        }
      })
  );
}

/** The implementer that rooms build their routers with. */
export type Implementer = ReturnType<typeof implementContract>;

function isStream(output: unknown): output is AsyncIterator<unknown> {
  return typeof output === 'object' && output !== null && 'next' in output && Symbol.asyncIterator in output;
}

/**
 * The same stream, which tells once how it ended: by itself, with what it gave last; with an error; or because nobody
 * wanted more of it, which came before its end and so is none.
 */
function watched(
  stream: AsyncIterator<unknown>,
  signal: AbortSignal | undefined,
  told: { succeed(last: unknown): void; failWith(error: unknown): Error; within<T>(work: () => T): T },
): AsyncIterableIterator<unknown> {
  let last: unknown;
  let isOpen = true;
  const end = <T>(how: () => T): T | undefined => {
    if (!isOpen) return undefined;
    isOpen = false;
    signal?.removeEventListener('abort', stop);
    return how();
  };
  const stop = (): void => {
    end(() => told.failWith(stoppedEarly()));
  };
  // Of a call that was given up before its first answer nobody ever asks for the next part.
  if (signal?.aborted) stop();
  else signal?.addEventListener('abort', stop, { once: true });
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      try {
        const result = await told.within(() => stream.next());
        if (result.done) end(() => told.succeed(last));
        else last = result.value;
        return result;
      } catch (error) {
        throw end(() => told.failWith(error)) ?? error;
      }
    },
    return: async (value: unknown) => {
      try {
        return (await stream.return?.(value)) ?? { done: true, value };
      } finally {
        stop();
      }
    },
    throw: async (error: unknown) => {
      end(() => told.failWith(error));
      if (!stream.throw) throw error;
      return await stream.throw(error);
    },
  };
}

function stoppedEarly(): Error {
  return fail('UNEXPECTED', {
    cause: 'stopped',
    what: 'It was stopped before its end.',
    why: 'Whoever began it went away or cancelled it.',
    next: 'Begin it again if it is still wanted.',
  });
}

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
  if ('results' in output && Array.isArray(output.results)) {
    const lines = output.results.map(
      ({ pid, outcome, message, who, what }) => `${pid} ${outcome}: ${message} ${who}, ${what}`,
    );
    // What was hit is a statement, which may set a password.
    return masked(lines.join('\n'));
  }
  if ('name' in output && typeof output.name === 'string') return output.name;
  if ('step' in output && typeof output.step === 'string') return output.step;
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
