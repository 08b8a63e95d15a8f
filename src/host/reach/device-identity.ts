/** Whether a certificate belongs to whoever was called. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/**
 * As `checkServerIdentity` of Node, for `checkServerIdentity` of a connection. An address is looked for by OpenSSL: Node
 * 22.23 takes no IPv6 address for one (`domainToASCII('fd00::5')` is empty there), and refuses every certificate for it.
 *
 * @param called the name or address that was called
 */
export function checkIdentity(called: string, certificate: PeerCertificate): Error | undefined {
  const isNamed = isIP(called) !== 0 && new X509Certificate(certificate.raw).checkIP(called) !== undefined;
  return isNamed ? undefined : checkServerIdentity(called, certificate);
}
