/** The host's own certificate authority: made at the first start, able to vouch for this machine on its LAN and nothing else. */
import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { makePrivateFolder, writeWhole } from './user-data.ts';

/** Understood by every phone, and small. */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
/** People trust it once by hand; ten years is longer than the machine lives. */
const AUTHORITY_DAYS = 3_650;
/** Phones refuse more than 825 days; renewal costs nothing here, so it is short. */
const LEAF_DAYS = 90;
/** Renewed when a third is left: weeks before anyone would notice. */
const RENEW_DAYS = 30;
/** Clocks of phones and boards are off by hours, not by more than a day. */
const BACKDATE_DAYS = 1;

/**
 * The names it may vouch for. A constraint permits everything below it, and a bare name ("dev") is a public domain for
 * some: only ".local" is no part of the internet (RFC 6762).
 */
function isLocalName(name: string): boolean {
  return name.endsWith('.local');
}

/** What the authority may vouch for besides this machine's names: addresses that mean something inside a LAN only. */
const PRIVATE_RANGES = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
] as const;

/** A server certificate with its key, both PEM; the certificate is followed by the authority's. */
export interface Leaf {
  readonly key: string;
  readonly cert: string;
}

interface KeptLeaf extends Leaf {
  readonly names: readonly string[];
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
   * Reads the authority kept in `folder`, or makes one for a machine of these names, the first of which it is called
   * by. It vouches for those that end in ".local". A name that the machine took later is not covered: then `folder` can be emptied, and the phones trust anew.
   */
  static async open(folder: string, names: readonly string[], now: number): Promise<Authority> {
    const files = { key: join(folder, 'authority-key.pem'), certificate: join(folder, 'authority.pem') };
    if (existsSync(files.key) && existsSync(files.certificate)) {
      const certificate = new X509Certificate(readFileSync(files.certificate, 'utf8'));
      if (certificate.notAfter.getTime() > now + LEAF_DAYS * DAY_MS) {
        return new Authority(certificate, await privateKeyOf(readFileSync(files.key, 'utf8')));
      }
    }
    makePrivateFolder(folder);
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await authorityCertificate(keys, names, now);
    await writeWhole(files.key, await pemOf(keys.privateKey));
    await writeWhole(files.certificate, certificate.toString('pem'));
    return new Authority(certificate, keys.privateKey);
  }

  /** The certificate as phones download it (DER). */
  get der(): Buffer {
    return Buffer.from(this.#certificate.rawData);
  }

  /** SHA-256 of the certificate, as systems show it: "AB:CD:…". */
  async fingerprint(): Promise<string> {
    const digest = Buffer.from(await webcrypto.subtle.digest('SHA-256', this.#certificate.rawData));
    return [...digest].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
  }

  /** Whether it vouches for `name`. */
  covers(name: string): boolean {
    return isLocalName(name) && this.#names.includes(name);
  }

  /** Names below which it could vouch for sites of others, had somebody its key: made by a version before this rule. */
  get tooWide(): readonly string[] {
    return this.#names.filter((name) => !isLocalName(name) && name !== 'localhost');
  }

  /**
   * A certificate for these names and addresses: the last one where it still does, else a new one. Names that the
   * authority may not vouch for are left out.
   */
  async leaf(names: readonly string[], addresses: readonly string[], now: number): Promise<Leaf> {
    const wanted = [...names.filter((name) => this.covers(name)), ...addresses];
    const kept = this.#leaf;
    if (kept !== null && now < kept.renewAt && wanted.every((name) => kept.names.includes(name))) return kept;
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await X509CertificateGenerator.create({
      subject: [{ CN: ['Moult LAN host'] }],
      issuer: this.#certificate.subjectName.toJSON(),
      notBefore: new Date(now - BACKDATE_DAYS * DAY_MS),
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
      renewAt: now + (LEAF_DAYS - RENEW_DAYS) * DAY_MS,
    };
    return this.#leaf;
  }
}

async function authorityCertificate(
  keys: webcrypto.CryptoKeyPair,
  names: readonly string[],
  now: number,
): Promise<X509Certificate> {
  const machine = names[0] ?? 'this machine';
  return X509CertificateGenerator.createSelfSigned({
    // Years later someone finds it in a phone's settings and wants to know what it is.
    name: [{ CN: [`Moult on ${machine}`] }, { O: ['Moult LAN host, made on this machine'] }],
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
  const bases = [
    // Never none: a kind of name without any entry would be permitted whole.
    ...['localhost', ...names.filter(isLocalName)].map((dNSName) => new GeneralName({ dNSName })),
    ...PRIVATE_RANGES.map((iPAddress) => new GeneralName({ iPAddress })),
  ];
  const permittedSubtrees = new GeneralSubtrees(bases.map((base) => new GeneralSubtree({ base })));
  return new Extension(id_ce_nameConstraints, true, AsnConvert.serialize(new NameConstraints({ permittedSubtrees })));
}

function permittedNames(certificate: X509Certificate): readonly string[] {
  const extension = certificate.getExtension(id_ce_nameConstraints);
  if (extension === null) return [];
  const constraints = AsnConvert.parse(extension.value, NameConstraints);
  return Array.from(constraints.permittedSubtrees ?? [], ({ base }) => base.dNSName).filter(
    (name) => name !== undefined,
  );
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}

async function privateKeyOf(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}
