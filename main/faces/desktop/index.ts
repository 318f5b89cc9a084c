/** What the desktop is made of, apart from Electron itself: `main/electron.ts` puts both together. */
export { answerApp, appAddress, appScheme, scheme } from './app-protocol.ts';
export { denyPermissions, lockContents } from './lock-down.ts';
export { menuTemplate } from './menu.ts';
export { createPortDoor, portChannel } from './port.ts';
export { smallest, stateOf, windowBounds } from './window-state.ts';
