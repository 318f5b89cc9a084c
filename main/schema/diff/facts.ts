import type { LockMode, StatementFacts } from '../../../preload/contract/schema-diff.ts';

const identifier = String.raw`(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)`;
const dotted = String.raw`(${identifier}(?:\.${identifier})?)`;
const pattern = (text: string) => new RegExp(text.replaceAll('@', dotted).replaceAll('#', identifier), 'su');

interface Rule {
  form: RegExp;
  /** Null for a name that is of no relation. */
  locks?: (LockMode | null)[];
  rewrites?: StatementFacts['rewrites'];
  scans?: boolean;
  inTransaction?: boolean;
}

/**
 * What is said of each form of statement: the manual's pages of ALTER TABLE, CREATE INDEX, CREATE TRIGGER, ALTER TYPE …,
 * and `AlterTableGetLockLevel` in the server's source where the manual only says "ACCESS EXCLUSIVE unless noted". The
 * first that fits holds. The n-th lock is on the n-th name in the form. These are forms that this room itself writes.
 */
const table = 'ALTER (?:FOREIGN )?TABLE (?:ONLY )?@ ';
const rules: Rule[] = [
  { form: pattern(`^${table}ADD CONSTRAINT # CHECK .* NOT VALID$`), locks: ['ACCESS EXCLUSIVE'] },
  {
    form: pattern(`^${table}ADD CONSTRAINT # FOREIGN KEY .*? REFERENCES @.* NOT VALID$`),
    locks: ['SHARE ROW EXCLUSIVE', 'SHARE ROW EXCLUSIVE'],
  },
  {
    form: pattern(`^${table}ADD CONSTRAINT # FOREIGN KEY .*? REFERENCES @`),
    locks: ['SHARE ROW EXCLUSIVE', 'SHARE ROW EXCLUSIVE'],
    scans: true,
  },
  { form: pattern(`^${table}ADD CONSTRAINT `), locks: ['ACCESS EXCLUSIVE'], scans: true },
  { form: pattern(`^${table}VALIDATE CONSTRAINT `), locks: ['SHARE UPDATE EXCLUSIVE'], scans: true },
  {
    form: pattern(`^${table}ATTACH PARTITION @`),
    locks: ['SHARE UPDATE EXCLUSIVE', 'ACCESS EXCLUSIVE'],
    scans: true,
  },
  { form: pattern(`^${table}DETACH PARTITION @`), locks: ['ACCESS EXCLUSIVE', 'ACCESS EXCLUSIVE'] },
  { form: pattern(`^${table}INHERIT @`), locks: ['ACCESS EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE'] },
  { form: pattern(`^${table}ALTER COLUMN # SET NOT NULL$`), locks: ['ACCESS EXCLUSIVE'], scans: true },
  { form: pattern(`^${table}ALTER COLUMN # SET STATISTICS `), locks: ['SHARE UPDATE EXCLUSIVE'] },
  { form: pattern(`^${table}ALTER COLUMN # (?:SET|RESET) \\(`), locks: ['SHARE UPDATE EXCLUSIVE'] },
  { form: pattern(`^${table}ALTER COLUMN # TYPE `), locks: ['ACCESS EXCLUSIVE'], rewrites: 'yes' },
  {
    form: pattern(`^${table}ALTER COLUMN # ADD GENERATED `),
    locks: ['ACCESS EXCLUSIVE'],
  },
  {
    form: pattern(`^${table}ADD COLUMN # .*GENERATED ALWAYS AS \\(.*\\) STORED`),
    locks: ['ACCESS EXCLUSIVE'],
    rewrites: 'yes',
  },
  {
    form: pattern(`^${table}ADD COLUMN # .*GENERATED (?:ALWAYS|BY DEFAULT) AS IDENTITY`),
    locks: ['ACCESS EXCLUSIVE'],
    rewrites: 'yes',
  },
  { form: pattern(`^${table}SET (?:LOGGED|UNLOGGED)$`), locks: ['ACCESS EXCLUSIVE'], rewrites: 'yes' },
  {
    form: pattern(`^${table}SET (?:TABLESPACE|ACCESS METHOD) `),
    locks: ['ACCESS EXCLUSIVE'],
    rewrites: 'yes',
  },
  { form: pattern(`^${table}(?:SET|RESET) \\(`), locks: ['SHARE UPDATE EXCLUSIVE'] },
  { form: pattern(`^${table}(?:CLUSTER ON|SET WITHOUT CLUSTER)`), locks: ['SHARE UPDATE EXCLUSIVE'] },
  {
    form: pattern(`^${table}(?:ENABLE|DISABLE)(?: REPLICA| ALWAYS)? TRIGGER `),
    locks: ['SHARE ROW EXCLUSIVE'],
  },
  { form: pattern(`^${table}`), locks: ['ACCESS EXCLUSIVE'] },
  { form: pattern('^CREATE (?:UNIQUE )?INDEX # ON (?:ONLY )?@'), locks: ['SHARE'], scans: true },
  { form: pattern('^DROP INDEX @'), locks: ['ACCESS EXCLUSIVE'] },
  {
    form: pattern('^ALTER INDEX @ ATTACH PARTITION @'),
    locks: ['SHARE UPDATE EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  },
  { form: pattern('^ALTER INDEX @ SET TABLESPACE '), locks: ['ACCESS EXCLUSIVE'], rewrites: 'yes' },
  { form: pattern('^ALTER INDEX @'), locks: ['SHARE UPDATE EXCLUSIVE'] },
  { form: pattern('^DROP (?:FOREIGN )?TABLE @'), locks: ['ACCESS EXCLUSIVE'] },
  {
    form: pattern('^(?:CREATE OR REPLACE|DROP|ALTER) (?:MATERIALIZED )?VIEW @'),
    locks: ['ACCESS EXCLUSIVE'],
  },
  { form: pattern('^CREATE (?:CONSTRAINT )?TRIGGER # .*? ON @'), locks: ['SHARE ROW EXCLUSIVE'] },
  { form: pattern('^DROP TRIGGER # ON @'), locks: ['ACCESS EXCLUSIVE'] },
  { form: pattern('^(?:CREATE|ALTER|DROP) POLICY # ON @'), locks: ['ACCESS EXCLUSIVE'] },
  { form: pattern('^CREATE RULE # AS\\s+ON \\w+ TO @'), locks: ['ACCESS EXCLUSIVE'] },
  { form: pattern('^DROP RULE # ON @'), locks: ['ACCESS EXCLUSIVE'] },
  { form: pattern('^CREATE STATISTICS @ .* FROM @$'), locks: [null, 'SHARE UPDATE EXCLUSIVE'] },
  { form: pattern('^DROP SEQUENCE @'), locks: ['ACCESS EXCLUSIVE'] },
  { form: pattern('^ALTER SEQUENCE @ OWNER TO'), locks: ['ACCESS EXCLUSIVE'] },
  {
    form: pattern('^ALTER SEQUENCE @ SET (?:LOGGED|UNLOGGED)$'),
    locks: ['ACCESS EXCLUSIVE'],
    rewrites: 'yes',
  },
  { form: pattern('^ALTER SEQUENCE @'), locks: ['SHARE ROW EXCLUSIVE'] },
  // A value that was just added can't be used before the transaction that added it is over.
  { form: pattern('^ALTER TYPE @ ADD VALUE '), inTransaction: false },
  { form: pattern('^ALTER TYPE @ (?:ADD|DROP|ALTER) ATTRIBUTE '), locks: ['ACCESS EXCLUSIVE'] },
  // Takes SHARE on every table that has a column of it.
  { form: pattern('^ALTER DOMAIN @ (?:ADD CONSTRAINT|SET NOT NULL)'), scans: true },
  { form: pattern('^ALTER PUBLICATION # (?:ADD|DROP) TABLE ONLY @'), locks: ['SHARE UPDATE EXCLUSIVE'] },
  {
    form: pattern('^COMMENT ON (?:TABLE|VIEW|MATERIALIZED VIEW|FOREIGN TABLE|SEQUENCE|INDEX) @'),
    locks: ['SHARE UPDATE EXCLUSIVE'],
  },
  { form: pattern('^COMMENT ON COLUMN @'), locks: ['SHARE UPDATE EXCLUSIVE'] },
];

/** Locks, rewriting and scanning of one statement that this room wrote. */
export function factsOf(sql: string): StatementFacts {
  const facts: StatementFacts = { locks: [], rewrites: 'no', scans: false, inTransaction: true };
  for (const { form, locks = [], rewrites, scans, inTransaction } of rules) {
    const match = form.exec(sql);
    if (!match) continue;
    facts.locks = locks.flatMap((mode, index) => (mode ? [{ mode, on: match[index + 1] ?? '' }] : []));
    if (rewrites) facts.rewrites = rewrites;
    if (scans) facts.scans = scans;
    if (inTransaction === false) facts.inTransaction = false;
    break;
  }
  return facts;
}
