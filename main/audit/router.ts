import type { Environment } from '../../preload/contract/environments.ts';
import type { Implementer } from '../rpc.ts';
import type { AuditLog } from './audit-log.ts';

export function auditRouter(
  os: Implementer,
  needs: { audit: AuditLog; findEnvironment(ref: string): Environment },
) {
  return os.audit.router({
    list: os.audit.list.handler(({ input: { environment, text, before, limit } }) =>
      needs.audit.list({
        ...(environment === undefined ? {} : { environment: needs.findEnvironment(environment).id }),
        ...(text === undefined ? {} : { text }),
        ...(before === undefined ? {} : { before }),
        limit,
      }),
    ),
  });
}
