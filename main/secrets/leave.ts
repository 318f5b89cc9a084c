import { isKeychainPending } from './gate.ts';

/** Ends this process with an exit code, at once also while a prompt of the keychain hangs. */
export function endProcess(code: number): never {
  if (isKeychainPending()) leaveProcess(code);
  process.exit(code);
}

/**
 * Ends this process at once, though a call to the keychain hangs at a prompt that nobody answers. `process.exit` waits
 * for the thread that makes the call, for as long as the prompt is there (libuv joins its threads at exit). Whatever is
 * to be written must have been written; no exit handler runs.
 */
export function leaveProcess(code: number): never {
  // Another program in this one's place takes the threads along and keeps the exit code. Not on Windows, where no
  // keychain prompts, and not in every runtime.
  if (process.platform !== 'win32' && typeof process.execve === 'function') {
    process.removeAllListeners('warning');
    process.execve('/bin/sh', ['sh', '-c', `exit ${Math.trunc(code)}`], {});
  }
  process.exit(code);
}
