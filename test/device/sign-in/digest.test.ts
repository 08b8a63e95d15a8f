/** The answers to Digest challenges, with the worked examples of the standards. */
import { expect } from 'chai';
import { type DigestChallenge, strongest } from '../../../src/device/sign-in/challenge.ts';
import { digestAuthorization } from '../../../src/device/sign-in/digest.ts';

/** RFC 7616, 3.9.1. */
const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const MUFASA = { user: 'Mufasa', password: 'Circle of Life' };
const PAGE = { method: 'GET', uri: '/dir/index.html', count: 1 } as const;

function challenge(changes: Partial<DigestChallenge> = {}): DigestChallenge {
  return {
    ...{ kind: 'digest', realm: 'http-auth@example.org', nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v' },
    ...{ opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS', algorithm: 'MD5', hash: 'MD5' },
    ...{ session: false, counts: true },
    ...changes,
  };
}

function responseIn(header: string): string | undefined {
  return /\bresponse="([0-9a-f]+)"/.exec(header)?.[1];
}

describe('An answer to a Digest challenge', () => {
  it('is with MD5 what RFC 7616 says', () => {
    const header = digestAuthorization(MUFASA, challenge(), { ...PAGE, cnonce: CNONCE });
    expect(responseIn(header)).to.equal('8ca523f5e9506fed4657c9700eebdbec');
    expect(header).to.match(/^Digest username="Mufasa", realm="http-auth@example\.org", /);
    expect(header).to.contain(', algorithm=MD5, qop=auth, nc=00000001, ');
    expect(header).to.contain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
  });

  it('is with SHA-256 what RFC 7616 says', () => {
    const strong = challenge({ algorithm: 'SHA-256', hash: 'SHA-256' });
    const header = digestAuthorization(MUFASA, strong, { ...PAGE, cnonce: CNONCE });
    expect(responseIn(header)).to.equal('753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1');
    expect(header).to.contain('algorithm=SHA-256');
  });

  it('is what RFC 2617 says', () => {
    const old = challenge({
      realm: 'testrealm@host.com',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      algorithm: null,
    });
    const login = { user: 'Mufasa', password: 'Circle Of Life' };
    const header = digestAuthorization(login, old, { ...PAGE, cnonce: '0a4f113b' });
    expect(responseIn(header)).to.equal('6629fae49393a05397450978507c4ef1');
    expect(header).to.not.contain('algorithm');
  });

  it('has no nonce count for a device without qop, as in RFC 2069 with its errata', () => {
    const older = challenge({
      ...{ realm: 'testrealm@host.com', nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093' },
      ...{ algorithm: null, counts: false, opaque: null },
    });
    const login = { user: 'Mufasa', password: 'CircleOfLife' };
    const header = digestAuthorization(login, older, { ...PAGE, cnonce: 'unused' });
    expect(responseIn(header)).to.equal('1949323746fe6a43ef61f9606e7febea');
    expect(header).to.not.match(/qop|nc=|cnonce|opaque/);
  });

  it('binds the password to the nonce where the device wants that', () => {
    const plain = digestAuthorization(MUFASA, challenge(), { ...PAGE, cnonce: CNONCE });
    const session = challenge({ algorithm: 'MD5-sess', session: true });
    const bound = digestAuthorization(MUFASA, session, { ...PAGE, cnonce: CNONCE });
    expect(responseIn(bound)).to.not.equal(responseIn(plain));
    expect(bound).to.contain('algorithm=MD5-sess');
  });

  it('keeps quotes and other alphabets, and shows no password', () => {
    const login = { user: 'Jäsøn "J" Doe', password: 'Secret, or not?' };
    const named = digestAuthorization(login, challenge({ realm: 'a "b" \\c' }), { ...PAGE, cnonce: CNONCE });
    expect(named).to.contain(`username*=UTF-8''J%C3%A4s%C3%B8n%20%22J%22%20Doe, realm="a \\"b\\" \\\\c"`);
    expect(named).to.not.contain('Secret');
    expect(digestAuthorization({ ...login, user: '"' }, challenge(), { ...PAGE, cnonce: CNONCE })).to.contain(
      'username="\\""',
    );
  });
});

describe('The challenge of a device', () => {
  it('is Basic, or a Digest with all that is in it', () => {
    expect(strongest('Basic realm="Login Required"')).to.deep.equal({ kind: 'basic' });
    expect(strongest('bAsIc')).to.deep.equal({ kind: 'basic' });
    const asked = 'Digest realm="a, b=c", qop="auth", nonce="n\\"1", opaque="", algorithm=md5';
    expect(strongest(asked)).to.deep.equal(
      challenge({ realm: 'a, b=c', nonce: 'n"1', opaque: '', algorithm: 'md5', hash: 'MD5' }),
    );
  });

  it('is its strongest, where it offers several in any order', () => {
    const md5 = 'Digest realm="r", nonce="1", qop="auth,auth-int", algorithm=MD5';
    const sha256 = 'Digest realm="r", nonce="2", qop=auth, algorithm=SHA-256';
    for (const asked of [`Basic realm="r", ${md5}, ${sha256}`, `${sha256}, ${md5}, Basic realm="r"`]) {
      expect(strongest(asked)).to.include({ kind: 'digest', hash: 'SHA-256', nonce: '2' });
    }
    expect(strongest(`Basic realm="r", ${md5}`)).to.include({ hash: 'MD5' });
    expect(strongest(`Negotiate, Bearer scope="x", Basic realm="r"`)).to.deep.equal({ kind: 'basic' });
    expect(strongest(`NTLM TlRMTVNTUAAB==, Basic realm="r"`)?.kind).to.be.oneOf(['basic', undefined]);
  });

  it('cannot be answered where it is unknown, cut off, or would hash the body', () => {
    for (const asked of [
      null,
      '',
      'Negotiate',
      'Digest',
      'Digest realm="r"',
      'Digest realm="r", nonce="open',
      'Digest realm="r", nonce="1", qop="auth-int"',
      'Digest realm="r", nonce="1", algorithm=SHA-512-256',
      `Basic realm="${'x'.repeat(5000)}"`,
    ]) {
      expect(strongest(asked), asked ?? 'null').to.equal(null);
    }
  });

  it('is read from any text without an error, and at once', () => {
    const signs = ['"', '\\', '=', ',', ' ', 'a', 'Digest', 'Basic', 'nonce', 'realm', '\t', 'é'];
    let luck = 1;
    for (let round = 0; round < 2_000; round++) {
      const text = Array.from({ length: 40 }, () => {
        luck = (luck * 48_271) % 2_147_483_647;
        return signs[luck % signs.length];
      }).join('');
      expect(() => strongest(text), text).to.not.throw();
    }
  });
});
