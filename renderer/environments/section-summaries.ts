import type { FormState, Section } from './form-fields.ts';
import { sslModeWords } from './ssl-modes.ts';

/** What a folded section holds, in one line. */
export const sectionSummaries: Record<Section, (state: FormState) => string> = {
  encryption: ({ sslmode, parameters }) => {
    const { sslrootcert, sslcert, channel_binding } = parameters;
    const parts = [
      sslrootcert &&
        (sslrootcert === 'system' ? "the system's authorities" : `root ${fileName(sslrootcert)}`),
      sslcert && `client ${fileName(sslcert)}`,
      channel_binding && `channel binding: ${channel_binding}`,
    ].filter(Boolean);
    const mode = sslmode || `from service ${parameters.service.trim()}`;
    if (parts.length > 0) return [mode, ...parts].join(' · ');
    return sslmode ? `${mode} · ${sslModeWords[sslmode]}` : mode;
  },
  tunnel: ({ tunnel: { on, host, port, user, jump } }) => {
    if (!on) return 'none';
    const to = `${user.trim() ? `${user.trim()}@` : ''}${host.trim()}${port.trim() ? `:${port.trim()}` : ''}`;
    return jump.trim() ? `${to} over ${jump.trim()}` : to;
  },
  companion: ({ companion: { on, command } }) => (on ? command.trim().replace(/\s+/g, ' ') : 'none'),
  more: (state) => {
    const given = furtherParameters(state);
    return given.length === 0 ? 'nothing set' : given.map(({ name, value }) => `${name}=${value}`).join(' ');
  },
};

/** Whether a section holds something that a person would look for in it. */
export function holdsSomething(section: Section, state: FormState): boolean {
  const { parameters, tunnel, companion } = state;
  if (section === 'tunnel') return tunnel.on;
  if (section === 'companion') return companion.on;
  if (section === 'more') return furtherParameters(state).length > 0;
  return [parameters.sslrootcert, parameters.sslcert, parameters.sslkey, parameters.channel_binding].some(
    Boolean,
  );
}

function furtherParameters({ parameters, extra }: FormState) {
  const { service, target_session_attrs, connect_timeout, application_name, options, pool_max_conns } =
    parameters;
  const own = { service, target_session_attrs, connect_timeout, application_name, options, pool_max_conns };
  return [...Object.entries(own).map(([name, value]) => ({ name, value })), ...extra].filter(
    ({ name, value }) => name !== '' && value !== '',
  );
}

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) || path;
}
