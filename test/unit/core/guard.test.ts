import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { checkProtection, checkTypedName } from '../../../main/guard/index.ts';
import { masked, redact } from '../../../main/lib/mask.ts';
import type { Meta } from '../../../preload/contract/common.ts';
import { contract } from '../../../preload/contract/index.ts';
import { cpuTime } from '../../support/cpu-time.ts';

interface Procedure {
  '~orpc': { meta: Meta; inputSchema?: z.ZodType };
}

const proceduresIn = (inside: object, path: string): (Procedure['~orpc'] & { path: string })[] =>
  '~orpc' in inside
    ? [{ path, ...(inside as Procedure)['~orpc'] }]
    : Object.entries(inside).flatMap(([name, inner]) =>
        proceduresIn(inner, path === '' ? name : `${path}.${name}`),
      );

const procedures = proceduresIn(contract, '');

/** Names of the fields that an input takes. */
function fieldsOf(schema: z.ZodType | undefined): string[] {
  const shape = schema && 'shape' in schema ? (schema.shape as Record<string, unknown>) : {};
  return Object.keys(shape);
}

describe('the contract and its guard', () => {
  it('gives every procedure that touches a server an environment and a place for the typed name', () => {
    const acting = procedures.filter(({ meta }) => meta.target === 'server' && meta.risk !== 'read');
    expect(acting.map(({ path }) => path)).toContain('activity.terminate');
    for (const { inputSchema } of acting) {
      expect(fieldsOf(inputSchema)).toEqual(expect.arrayContaining(['environment', 'confirm']));
    }
  });

  it('leaves nothing that acts on a server out of the audit log', () => {
    for (const { meta } of procedures) if (meta.target === 'server') expect(meta.audited).not.toBe(false);
  });

  it('lets open through, wants the exact name on guarded, and refuses read-only even with the name', () => {
    const one = (protection: 'open' | 'guarded' | 'read-only') => ({ name: 'billing-prod', protection });
    expect(() => checkProtection(one('open'), undefined)).not.toThrow();
    expect(() => checkProtection(one('guarded'), 'billing-prod')).not.toThrow();
    for (const wrong of [undefined, '', 'Billing-prod', 'billing-prod ', 'billing']) {
      expect(() => checkProtection(one('guarded'), wrong)).toThrow(
        expect.objectContaining({ code: 'CONFIRMATION_REQUIRED' }),
      );
    }
    expect(() => checkProtection(one('read-only'), 'billing-prod')).toThrow(
      expect.objectContaining({ code: 'PROTECTED_READ_ONLY' }),
    );
    expect(() => checkTypedName(one('read-only'), 'billing-prod')).not.toThrow();
  });

  it('writes no secret down', () => {
    const shown = JSON.stringify(
      redact({
        password: { password: 'hunter2', remember: true },
        url: 'postgres://ada:hunter2@db:5432/x?password=hunter2&sslmode=require',
        list: [{ apiToken: 'hunter2' }],
      }),
    );
    expect(shown).not.toContain('hunter2');
    expect(shown).toContain('postgres://ada:•••@db:5432/x');
    expect(shown).toContain('sslmode=require');
  });

  it.each([
    'PGPASSWORD=hunter2 psql',
    `PGPASSWORD='hun ter hunter2' psql`,
    `export PGPASSWORD="a \\" hunter2"; psql`,
    `PGPASSWORD=a'b c'hunter2 psql`,
    `PGPASSWORD=it's-hunter2 psql`,
    'DB_PASS=hunter2 run',
    'MYSQL_PWD=hunter2 run',
    'host=h password=a;b&c|hunter2 user=u',
    `host=h password = 'it\\'s hunter2' user=u`,
    'sslpassword=hunter2',
    'proxy --token hunter2 --port 1',
    'proxy --token "a hunter2"',
    'proxy --api-key=hunter2',
    'vault --secret-id hunter2',
    '{"password": "hunter2", "apiKey":"hunter2"}',
    'curl -H "Authorization: Bearer hunter2" https://x',
    `curl -H 'authorization: Basic a hunter2' https://x`,
    'curl -H "X-Api-Key: hunter2"',
    'fetch bearer hunter2',
    'curl -u ada:hunter2 https://x',
    'sshpass -p hunter2 ssh x',
    "ALTER ROLE ada ENCRYPTED PASSWORD 'it''s hunter2'",
    "CREATE ROLE ada PASSWORD E'a\\'hunter2' LOGIN",
    "ALTER ROLE ada PASSWORD 'cut off hunter2",
    'psql postgres://ada:hunter2@h/d',
    'psql postgres://ada:a/b#c?hunter2@h/d',
    'psql postgres://ada:a@b@hunter2@h/d',
    'psql "postgres://ada:a b hunter2@h/d"',
    'psql "postgres://ada@h/d?sslmode=require&sslpassword=hunter2"',
    'git clone https://hunter2@example.com/x',
  ])('takes the secret out of %s', (command) => {
    expect(masked(command)).not.toContain('hunter2');
    expect(masked(command)).toContain('•••');
  });

  it.each([
    'cloud-sql-proxy --credentials-file /etc/key.json --port 5544 p:r:i',
    'kubectl port-forward svc/db 5432:5432 -n prod',
    'psql postgres://ada@db:5432/x?sslmode=require',
    'ssh -N -L 5432:localhost:5432 ada@bastion',
    'docker compose --env-file .env up -d db',
    'run --password-file /x --pgpassfile=/y passfile=/z',
    'the password of the token ring is not told',
  ])('leaves %s as it is', (command) => {
    expect(masked(command)).toBe(command);
  });

  it('takes no longer for a text that was made to keep it busy', () => {
    for (const piece of ['a', 'token', 'a://a:', '"', "'", 'x=', '--token ', '\\', '-']) {
      const from = cpuTime();
      masked(piece.repeat(Math.ceil(20_000 / piece.length)));
      expect(cpuTime(from), piece).toBeLessThan(500);
    }
  });
});
