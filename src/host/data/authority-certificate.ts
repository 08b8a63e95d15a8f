/** The certificate of the host's authority: what it may vouch for, and for how long. */
import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';
import { CERTIFICATE_MAKER, certificateName } from '../../words/host/authority.ts';

/** Understood by every phone, and small. */
export const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
export const DAY_MS = 86_400_000;
/** People trust it once by hand; ten years is longer than the machine lives. */
const AUTHORITY_DAYS = 3_650;
/** Clocks of phones and boards are off by hours, not by more than a day. */
export const BACKDATE_DAYS = 1;

/**
 * What the authority may vouch for besides this machine's names: addresses that mean something inside a LAN only.
 * Loopback is none of them: the host never serves https there, and it is every machine that trusts the authority.
 */
const PRIVATE_RANGES = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
] as const;

/** A domain that nobody can have (RFC 2606), for a machine without a name: with no name at all, all would be permitted. */
export const NO_NAME = 'invalid';

/**
 * The names it may vouch for. A constraint permits everything below it, and a bare name ("dev") is a public domain for
 * some: only ".local" is no part of the internet (RFC 6762).
 */
export function isLocalName(name: string): boolean {
  return name.endsWith('.local');
}

/** The certificate of an authority for a machine of these names, valid from `now` on (milliseconds since 1970). */
export async function authorityCertificate(
  keys: webcrypto.CryptoKeyPair,
  names: readonly string[],
  now: number,
): Promise<X509Certificate> {
  return X509CertificateGenerator.createSelfSigned({
    // Years later someone finds it in a phone's settings and wants to know what it is.
    name: [{ CN: [certificateName(names[0] ?? null)] }, { O: [CERTIFICATE_MAKER] }],
    notBefore: new Date(now - BACKDATE_DAYS * DAY_MS),
    notAfter: new Date(now + AUTHORITY_DAYS * DAY_MS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      // For web servers only: not for mail, code or people.
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      nameConstraints(names),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
}

/** A stolen key signs nothing else than this machine's .local name and private addresses (RFC 5280, 4.2.1.10). */
function nameConstraints(names: readonly string[]): Extension {
  const local = names.filter(isLocalName);
  const bases = [
    ...(local.length > 0 ? local : [NO_NAME]).map((dNSName) => new GeneralName({ dNSName })),
    ...PRIVATE_RANGES.map((iPAddress) => new GeneralName({ iPAddress })),
  ];
  const permittedSubtrees = new GeneralSubtrees(bases.map((base) => new GeneralSubtree({ base })));
  return new Extension(id_ce_nameConstraints, true, AsnConvert.serialize(new NameConstraints({ permittedSubtrees })));
}

/** The names in its constraints. */
export function permittedNames(certificate: X509Certificate): readonly string[] {
  const extension = certificate.getExtension(id_ce_nameConstraints);
  if (extension === null) return [];
  const constraints = AsnConvert.parse(extension.value, NameConstraints);
  return Array.from(constraints.permittedSubtrees ?? [], ({ base }) => base.dNSName).filter(
    (name) => name !== undefined,
  );
}

/** Whether it is an authority's, and held to names and addresses: without that it could vouch for anything. */
export function isAuthority(certificate: X509Certificate): boolean {
  return (
    certificate.getExtension(BasicConstraintsExtension)?.ca === true &&
    certificate.getExtension(id_ce_nameConstraints)?.critical === true
  );
}
