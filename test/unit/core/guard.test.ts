import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { checkProtection, checkTypedName, redact } from '../../../main/guard/index.ts';
import type { Meta } from '../../../preload/contract/common.ts';
import { contract } from '../../../preload/contract/index.ts';

interface Procedure {
  '~orpc': { meta: Meta; inputSchema?: z.ZodType };
}

const procedures = Object.entries(contract).flatMap(([room, inside]) =>
  Object.entries(inside as Record<string, Procedure>).map(([name, procedure]) => ({
    path: `${room}.${name}`,
    ...procedure['~orpc'],
  })),
);

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
});
