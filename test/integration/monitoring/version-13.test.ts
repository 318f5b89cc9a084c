import { checkOn } from './checks/on-version.ts';

checkOn(13);
