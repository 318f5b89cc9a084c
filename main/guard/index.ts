export { checkProtection, checkTypedName } from './confirmation.ts';
export { leftOut, masked, redact } from './mask.ts';
export { checkProtectors, guardsAmong, isLooser, type Protectors } from './protectors.ts';
