import type { PeerCertificate } from 'node:tls';
import { codeOf } from './error-code.ts';
import { type Circumstances, type Known, shell } from './known.ts';

/** Failures of TLS itself, before the server says who we are to it. Codes are OpenSSL's, as Node names them. */
export function recogniseTls(error: unknown, at: Circumstances): Known | undefined {
  const { connection, target } = at;
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error) ?? '';
  const show = `openssl s_client -starttls postgres -connect ${shell(`${target.host}:${target.port}`)} -showcerts </dev/null`;
  if (/does not support SSL/i.test(message)) {
    return {
      cause: 'tls-not-offered',
      what: 'The server offers no TLS.',
      why: `sslmode ${connection.sslmode} asks for an encrypted connection.`,
      next: 'Turn ssl on at the server, or choose sslmode prefer or disable where the network is trusted or a tunnel encrypts.',
      command: 'SHOW ssl;',
      retry: false,
    };
  }
  if (
    /ALERT.*(CERTIFICATE|UNKNOWN_CA|DECRYPT)|alert (bad|unknown|certificate)|certificate required/i.test(
      `${code} ${message}`,
    )
  ) {
    return {
      cause: 'client-certificate-refused',
      what: 'The server does not accept the client certificate.',
      why: connection.parameters.sslcert
        ? `It does not trust the authority that signed ${connection.parameters.sslcert}, or the certificate has expired.`
        : 'It wants a client certificate, or does not trust the one in ~/.postgresql.',
      next: 'Use a certificate signed by the authority in the server’s ssl_ca_file (sslcert, sslkey).',
      command: `openssl x509 -noout -issuer -subject -enddate -in ${shell(connection.parameters.sslcert ?? '~/.postgresql/postgresql.crt')}`,
      retry: false,
    };
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return {
      cause: 'certificate-expired',
      what: `The certificate of ${target.host} ${code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}.`,
      why: `${validity(code, at.certificate)}sslmode ${connection.sslmode} checks it.`,
      next: 'Renew it on the server and reload; check this machine’s clock.',
      command: `${show} | openssl x509 -noout -dates`,
      retry: false,
    };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    const names = namesIn(at.certificate);
    return {
      cause: 'certificate-wrong-host',
      what: `The certificate is not made for "${target.host}".`,
      why: names ? `It is made for ${names}.` : 'It names other hosts; sslmode verify-full compares them.',
      next: 'Connect by a name in the certificate, have one made for this name, or choose verify-ca where any host of that authority will do.',
      command: `${show} | openssl x509 -noout -subject -ext subjectAltName`,
      retry: false,
    };
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO|ISSUER/.test(code) || /certificate|self.signed/i.test(message)) {
    const { sslrootcert } = connection.parameters;
    return {
      cause: 'certificate-unknown',
      what: `The certificate of ${target.host} is not signed by an authority that is trusted here.`,
      why:
        sslrootcert && sslrootcert !== 'system'
          ? `sslrootcert ${sslrootcert} does not contain its authority.${issuerOf(at.certificate)}`
          : 'Its authority is not among this system’s; managed services and own servers often have one of their own.',
      next: 'Get the authority’s certificate from the provider or the server and give its path as sslrootcert.',
      command: show,
      retry: false,
    };
  }
  if (/^(ERR_SSL|EPROTO)/.test(code) || /error establishing an SSL connection/i.test(message)) {
    return {
      cause: 'other',
      what: `The encrypted connection to ${target.host} could not be made.`,
      why: message,
      next: 'Compare the TLS versions of both sides (ssl_min_protocol_version).',
      command: show,
      retry: false,
    };
  }
  return undefined;
}

/** Until when it was, or from when it is, good. */
function validity(code: string, certificate: PeerCertificate | undefined): string {
  if (!certificate?.valid_to) return '';
  return code === 'CERT_HAS_EXPIRED'
    ? `It was valid until ${certificate.valid_to}. `
    : `It is valid from ${certificate.valid_from}. `;
}

function namesIn(certificate: PeerCertificate | undefined): string {
  const { subjectaltname, subject } = certificate ?? {};
  return String(subjectaltname ?? subject?.CN ?? '').replaceAll(/DNS:|IP Address:/g, '');
}

function issuerOf(certificate: PeerCertificate | undefined): string {
  const { CN, O } = certificate?.issuer ?? {};
  const name = CN ?? O;
  return name ? ` It was signed by "${String(name)}".` : '';
}
