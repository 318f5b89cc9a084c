import type { OtherModel } from '../../../../preload/contract/schema-model.ts';

/** Key of an object that is known by the statement that makes it. */
export const otherKey = ({ kind, identity, name }: OtherModel): string => `${kind} ${identity || name}`;
