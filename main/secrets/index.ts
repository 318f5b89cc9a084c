export { type Keychain, osKeychain } from './keychain.ts';
export { openSecrets, type Secrets } from './secrets.ts';
