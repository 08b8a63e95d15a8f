/** The host's own certificate authority: made at the first start, able to vouch for this machine on its LAN and nothing else. */
import 'reflect-metadata';
import {
  createHash,
  createPrivateKey,
  webcrypto,
  X509Certificate as NodeCertificate,
  type KeyObject,
} from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { NoAuthority } from '../../model/host/data-trouble.ts';
import { LEAF_NAME } from '../../words/host/authority.ts';
import {
  ALGORITHM,
  authorityCertificate,
  BACKDATE_DAYS,
  DAY_MS,
  isAuthority,
  isLocalName,
  NO_NAME,
  permittedNames,
} from './authority-certificate.ts';

/** Phones refuse more than 825 days; renewal costs nothing here, so it is short. */
const LEAF_DAYS = 90;
/** Renewed when a third is left: weeks before anyone would notice. */
const RENEW_DAYS = 30;

/** A server certificate with its key, both PEM; the certificate is followed by the authority's. */
export interface Leaf {
  readonly key: string;
  readonly cert: string;
}

interface KeptLeaf extends Leaf {
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly validFrom: number;
  readonly renewAt: number;
}

export class Authority {
  readonly #certificate: X509Certificate;
  readonly #key: webcrypto.CryptoKey;
  readonly #names: readonly string[];
  #leaf: KeptLeaf | null = null;

  private constructor(certificate: X509Certificate, key: webcrypto.CryptoKey) {
    this.#certificate = certificate;
    this.#key = key;
    this.#names = permittedNames(certificate);
  }

  /**
   * Makes one for a machine of these names, the first of which it is called by. It vouches for those that end in
   * ".local". `pem` is for `read`.
   */
  static async make(names: readonly string[], now: number): Promise<{ authority: Authority; pem: string }> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await authorityCertificate(keys, names, now);
    const pem = `${certificate.toString('pem')}\n${await pemOf(keys.privateKey)}`;
    return { authority: new Authority(certificate, keys.privateKey), pem };
  }

  /** Reads certificate and key out of a text that holds one of each, in PEM. */
  static async read(pem: string): Promise<Authority | NoAuthority> {
    const certificate = parsed(() => new X509Certificate(blockOf('CERTIFICATE', pem)));
    const key = parsed(() => createPrivateKey(blockOf('[A-Z ]*PRIVATE KEY', pem)));
    if (certificate === null || key === null) return 'damaged';
    if (!isAuthority(certificate) || !isOurKind(key)) return 'foreign';
    if (!new NodeCertificate(Buffer.from(certificate.rawData)).checkPrivateKey(key)) return 'mismatched';
    const der = key.export({ format: 'der', type: 'pkcs8' });
    return new Authority(certificate, await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']));
  }

  /** Both ends of its time, milliseconds since 1970. */
  get validFrom(): number {
    return this.#certificate.notBefore.getTime();
  }

  get validTo(): number {
    return this.#certificate.notAfter.getTime();
  }

  /** Whether a certificate that is signed now is valid all its time, for a client whose clock says the same. */
  outlasts(now: number): boolean {
    return now >= this.validFrom && now + LEAF_DAYS * DAY_MS < this.validTo;
  }

  /** The certificate as phones download it (DER). */
  get der(): Buffer {
    return Buffer.from(this.#certificate.rawData);
  }

  /** SHA-256 of the certificate, as systems show it: "AB:CD:…". */
  get fingerprint(): string {
    const digest = createHash('sha256').update(this.der).digest();
    return [...digest].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
  }

  /** Whether it vouches for `name`. */
  covers(name: string): boolean {
    return isLocalName(name) && this.#names.includes(name);
  }

  /** Names below which it could vouch for sites of others, had somebody its key: made by a version before this rule. */
  get tooWide(): readonly string[] {
    return this.#names.filter((name) => !isLocalName(name) && name !== NO_NAME);
  }

  /**
   * A certificate for these names and addresses: the last one where it still does, else a new one. Names that the
   * authority may not vouch for are left out.
   */
  async leaf(names: readonly string[], addresses: readonly string[], now: number): Promise<Leaf> {
    const wanted = [...names.filter((name) => this.covers(name)), ...addresses];
    const kept = this.#leaf;
    // A clock that was put back leaves one behind that is not valid yet.
    const isInTime = kept !== null && now >= kept.validFrom && now < kept.renewAt;
    if (isInTime && wanted.every((name) => kept.names.includes(name))) return kept;
    const validFrom = now - BACKDATE_DAYS * DAY_MS;
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await X509CertificateGenerator.create({
      subject: [{ CN: [LEAF_NAME] }],
      issuer: this.#certificate.subjectName.toJSON(),
      notBefore: new Date(validFrom),
      notAfter: new Date(now + LEAF_DAYS * DAY_MS),
      publicKey: keys.publicKey,
      signingKey: this.#key,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(
          wanted.map((name) => ({ type: addresses.includes(name) ? ('ip' as const) : ('dns' as const), value: name })),
        ),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        await AuthorityKeyIdentifierExtension.create(this.#certificate.publicKey),
      ],
    });
    this.#leaf = {
      key: await pemOf(keys.privateKey),
      cert: `${certificate.toString('pem')}\n${this.#certificate.toString('pem')}\n`,
      names: wanted,
      validFrom,
      renewAt: now + (LEAF_DAYS - RENEW_DAYS) * DAY_MS,
    };
    return this.#leaf;
  }
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}

/** The first block of that kind. Throws where there is none. */
function blockOf(kind: string, text: string): string {
  const block = new RegExp(`-----BEGIN (${kind})-----[^]*?-----END \\1-----`).exec(text);
  if (block === null) throw new Error(`no ${kind}`);
  return block[0];
}

/** Null where it is damaged. */
function parsed<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    // Each parser has complaints of its own; none of them helps a person.
    return null;
  }
}

function isOurKind(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}
