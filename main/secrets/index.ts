export { type Keychain, osKeychain } from './keychain.ts';
export { endProcess } from './leave.ts';
export { secretsRouter } from './router.ts';
export { openSecrets, type Secrets } from './secrets.ts';
