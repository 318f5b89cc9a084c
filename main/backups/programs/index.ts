export { databaseArgument } from './database-argument.ts';
export { isAlive, makePrivateFolder, removePrivateFolder } from './private-folder.ts';
export { runProgram } from './run.ts';
export { pinned } from './sessions.ts';
export { openProgramWay } from './way.ts';
