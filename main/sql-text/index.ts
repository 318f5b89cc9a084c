export { decode, linesBefore, type TextProblem } from './decode.ts';
export { type Effects, effectsOf } from './effects.ts';
export { type Convention, conventionNames, type FolderPlan, planFolder } from './folder.ts';
export {
  type NamedRole,
  openParser,
  type ParsedStatement,
  type ParseStatement,
  placeOf,
  rolesNamedIn,
} from './parse.ts';
export { upSection } from './section.ts';
export { scriptItems, splitScript } from './split.ts';
