export { type Keychain, osKeychain } from './keychain.ts';
export { endProcess, leaveProcess } from './leave.ts';
export { secretsRouter } from './router.ts';
export { type KeychainState, openSecrets, type Place, type Secrets } from './secrets.ts';
