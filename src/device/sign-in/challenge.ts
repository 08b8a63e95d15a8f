/** The strongest challenge in a `WWW-Authenticate` (RFC 9110, 11.6.1) that can be answered. Pure. */

export interface DigestChallenge {
  readonly kind: 'digest';
  readonly realm: string;
  readonly nonce: string;
  /** Sent back as it came; null: none came. */
  readonly opaque: string | null;
  readonly hash: 'MD5' | 'SHA-256';
  /** As the device wrote it, which is sent back; null: it wrote none. */
  readonly algorithm: string | null;
  /** The hash of the password is bound to one nonce ("-sess"). */
  readonly session: boolean;
  /** False: the form from before 1999, without a count (RFC 2069). */
  readonly counts: boolean;
}

export type Challenge = { readonly kind: 'basic' } | DigestChallenge;

/** The longest header that is read, in characters: more than any device sends. */
const LONGEST = 4096;

const TOKEN = /^[\w!#$%&'*+.^`|~-]+/;

interface Scheme {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Null: there is none that can be answered. */
export function strongest(header: string | null): Challenge | null {
  if (header === null || header.length > LONGEST) return null;
  const found = schemesIn(header).flatMap((scheme) => challengeOf(scheme) ?? []);
  const digest = found.filter((each) => each.kind === 'digest');
  return digest.find(({ hash }) => hash === 'SHA-256') ?? digest[0] ?? found[0] ?? null;
}

function challengeOf({ name, parameters }: Scheme): Challenge | null {
  if (name === 'basic') return { kind: 'basic' };
  if (name !== 'digest') return null;
  const [realm, nonce] = [parameters.get('realm'), parameters.get('nonce')];
  if (realm === undefined || nonce === undefined) return null;
  const algorithm = parameters.get('algorithm') ?? null;
  const [, hash = '', session] = /^(MD5|SHA-256)(-sess)?$/i.exec(algorithm ?? 'MD5') ?? [];
  // A device that allows only "auth-int" would want the whole body hashed before it is sent.
  const qop = parameters.get('qop');
  const counts = qop?.split(/\s*,\s*/).some((one) => one.toLowerCase() === 'auth') ?? false;
  if (hash === '' || (qop !== undefined && !counts)) return null;
  return {
    ...{ kind: 'digest', realm, nonce, opaque: parameters.get('opaque') ?? null, algorithm, counts },
    ...{ hash: hash.toUpperCase() === 'MD5' ? 'MD5' : 'SHA-256', session: session !== undefined },
  };
}

/**
 * Several challenges may be in one header, separated by commas as their parameters are: a word without "=" begins the
 * next.
 */
function schemesIn(header: string): readonly Scheme[] {
  const schemes: { name: string; parameters: Map<string, string> }[] = [];
  let rest = header.replace(/^[\s,]+/, '');
  while (rest !== '') {
    const [word = ''] = TOKEN.exec(rest) ?? [];
    if (word === '') return schemes;
    rest = rest.slice(word.length);
    const [equals = ''] = /^\s*=\s*(?!=)/.exec(rest) ?? [];
    if (equals === '') {
      schemes.push({ name: word.toLowerCase(), parameters: new Map() });
    } else {
      const value = valueIn(rest.slice(equals.length));
      if (value === null) return schemes;
      const { parameters } = schemes.at(-1) ?? {};
      const name = word.toLowerCase();
      if (parameters?.has(name) === false) parameters.set(name, value.text);
      rest = value.rest;
    }
    rest = rest.replace(/^[\s,]+/, '');
  }
  return schemes;
}

/** A word, or a text in quotes. */
function valueIn(text: string): { readonly text: string; readonly rest: string } | null {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text);
  if (quoted !== null) {
    const [whole, inner = ''] = quoted;
    return { text: inner.replace(/\\(.)/g, '$1'), rest: text.slice(whole.length) };
  }
  const [word] = TOKEN.exec(text) ?? [];
  return word === undefined ? null : { text: word, rest: text.slice(word.length) };
}
