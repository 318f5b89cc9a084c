export { checkProtection, checkTypedName } from './confirmation.ts';
export { checkProtectors, guardsAmong, isLooser, type Protectors } from './protectors.ts';
