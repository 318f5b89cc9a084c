import { Section } from '../../components/inspector-parts.tsx';
import type { ObjectDetails } from './details/details.ts';
import type { GrantWords } from './details/grants.ts';
import styles from './inspector.module.css';
import { Item, Many, PrintedText } from './parts.tsx';

/** Who may do what with a table, on which rows. */
export function AccessPanel({ details }: { details: ObjectDetails }) {
  return (
    <div className={styles.sections}>
      <AccessSections details={details} />
    </div>
  );
}

export function AccessSections({ details }: { details: ObjectDetails }) {
  const { access, table } = details;
  return (
    <>
      <Section title="Privileges">
        <p>
          <bdi>{access.owner}</bdi> owns it and may do everything
          {access.grants.length === 0 && !access.byDefault ? '; nobody else was given anything.' : '.'}
        </p>
        {access.byDefault && (
          <p className={styles.soft}>
            {access.columns.length > 0 ? 'Nothing was granted on it as a whole.' : access.byDefault}
          </p>
        )}
        <Grants grants={access.grants} />
      </Section>
      {access.columns.length > 0 && (
        <Section title="Privileges on columns" of={access.columns.length}>
          <Many items={access.columns}>
            {({ column, grants }) => (
              <Item key={column} name={column} notes={[]}>
                <Grants grants={grants} />
              </Item>
            )}
          </Many>
        </Section>
      )}
      {access.schema && (
        <Section title="Privileges on the schema">
          <p className={styles.soft}>
            Only who may use the schema <bdi className="mono">{access.schema.name}</bdi>, which{' '}
            <bdi>{access.schema.owner}</bdi> owns, gets at what is in it.
          </p>
          <Grants grants={access.schema.grants} />
        </Section>
      )}
      {table && (table.policies.length > 0 || table.rowSecurity !== 'off') && <Policies table={table} />}
    </>
  );
}

function Grants({ grants }: { grants: readonly GrantWords[] }) {
  if (grants.length === 0) return null;
  return (
    <Many items={grants}>
      {(grant) => (
        <li key={grant.item} className={styles.item} title={grant.item}>
          <b>{grant.grantee === '' ? 'everyone' : <bdi>{grant.grantee}</bdi>}</b> may {said(grant.privileges)}
          {grant.isAll && grant.privileges.length > 1 && <span className={styles.soft}> (all there is)</span>}
          <div className={styles.soft}>
            {grant.passesOn.length > 0 &&
              `and may give on ${grant.passesOn.length === grant.privileges.length ? 'all of it' : said(grant.passesOn)} · `}
            given by <bdi>{grant.grantor}</bdi>
          </div>
        </li>
      )}
    </Many>
  );
}

function said(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function Policies({ table }: { table: NonNullable<ObjectDetails['table']> }) {
  return (
    <Section title="Row security" of={table.policies.length}>
      <p className={table.rowSecurity === 'off' ? styles.notice : styles.soft}>{rowSecurityWords(table)}</p>
      <Many items={table.policies}>
        {(policy) => (
          <Item
            key={policy.name}
            name={policy.name}
            notes={[
              policy.permissive ? 'permissive' : 'restrictive',
              `for ${policy.command}`,
              `to ${policy.roles.length === 0 ? 'everyone' : policy.roles.join(', ')}`,
            ]}
            comment={policy.comment}
          >
            {policy.using && (
              <p>
                <span className={styles.soft}>rows where </span>
                <PrintedText printed={policy.using} />
              </p>
            )}
            {policy.check && (
              <p>
                <span className={styles.soft}>new rows must have </span>
                <PrintedText printed={policy.check} />
              </p>
            )}
          </Item>
        )}
      </Many>
    </Section>
  );
}

function rowSecurityWords({ rowSecurity, policies }: NonNullable<ObjectDetails['table']>): string {
  if (rowSecurity === 'off') return 'Row security is off: these policies decide nothing until it is enabled.';
  const who = rowSecurity === 'forced' ? 'the owner too' : 'but not for the owner';
  if (policies.length === 0) return `Row security is on, ${who}. Without a policy no row is seen.`;
  return `Row security is on, ${who}. Superusers and roles with BYPASSRLS see every row.`;
}
