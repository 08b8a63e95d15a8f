import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { TRUST_PAGE_STYLE } from '../../../src/host/serve/trust-page-style.ts';
import { systemOf, trustPage } from '../../../src/host/serve/trust-page.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';
const ANDROID =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';
const LINUX = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36';
const CHROMEBOOK =
  'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36';

const FACTS = {
  plainUrl: 'http://192.168.1.5:6685/',
  secureUrls: ['https://192.168.1.5:6686/'],
  fingerprint: 'AB:CD',
  tooWide: [],
  appPath: '/index.html',
  place: 'lan-http',
  userAgent: ANDROID,
} as const;

/** Where the values of custom properties stand in a style sheet: light first, then dark. */
function tokensIn(css: string): ReadonlyMap<string, string>[] {
  const dark = css.indexOf('prefers-color-scheme: dark');
  return [css.slice(0, dark), css.slice(dark)].map(
    (part) =>
      new Map([...part.matchAll(/^\s*(--[\w-]+): ([^;]+);$/gm)].map(([, name = '', value = '']) => [name, value])),
  );
}

describe('The page that a phone on the LAN meets first', () => {
  it('has the app as its main button, above how to install it and keep tokens', () => {
    const page = trustPage(FACTS);
    expect(page).to.contain('<a class="app button next" href="/index.html">Open Moult</a>');
    expect(page.match(/button next/g)).to.have.length(1);
    expect(page.indexOf('Open Moult')).to.be.below(page.indexOf('Install it and keep tokens'));
  });

  it('says what is missing without encryption, and only there', () => {
    expect(trustPage(FACTS)).to.contain('This connection is not encrypted');
    const secure = trustPage({ ...FACTS, place: 'lan-https' });
    expect(secure).to.contain('This connection is encrypted.').and.not.contain('not encrypted');
    expect(trustPage({ ...FACTS, place: 'here' }))
      .to.contain('nothing you send to it crosses a network')
      .and.not.contain('not encrypted');
  });

  const SEEN = [
    ['an iPhone', IPHONE, 'ios'],
    ['Android', ANDROID, 'android'],
    ['Windows', WINDOWS, 'windows'],
    ['a Mac', MAC, 'macos'],
    ['Linux', LINUX, 'linux'],
    ['a Chromebook, which none of the steps is for', CHROMEBOOK, null],
  ] as const;
  for (const [name, userAgent, system] of SEEN) {
    it(`opens the steps for ${name}, first in the list, and folds all others`, () => {
      expect(systemOf(userAgent)).to.equal(system);
      const details = [...trustPage({ ...FACTS, userAgent }).matchAll(/<details id="(\w+)"( open)?>/g)];
      expect(details).to.have.length(5);
      const open = details.filter(([, , isOpen]) => isOpen !== undefined).map(([, id]) => id);
      expect(open).to.deep.equal(system === null ? [] : [system]);
      if (system !== null) expect(details[0]?.[1]).to.equal(system);
    });
  }

  it('folds all steps for a visitor that does not say what it is', () => {
    expect(trustPage({ ...FACTS, userAgent: undefined })).not.to.match(/<details id="\w+" open>/);
  });

  it('lets nothing of its facts become markup', () => {
    const page = trustPage({ ...FACTS, tooWide: ['<b>'], secureUrls: ['https://"><i>/'], fingerprint: '<u>' });
    expect(page).not.to.match(/<b>|<i>|<u>/);
  });

  it('looks as the app does: each of its tokens has the value that the app has', () => {
    const theme = readFileSync('src/ui/kit/style/tokens.ts', 'utf8');
    // More contrast and forced colours are for the app's own elements.
    const app = tokensIn(theme.slice(0, theme.indexOf('@media', theme.indexOf('prefers-color-scheme: dark'))));
    const own = tokensIn(TRUST_PAGE_STYLE);
    own.forEach((tokens, scheme) => {
      expect(tokens.size).to.be.above(8);
      for (const [name, value] of tokens) expect(value, name).to.equal(app[scheme]?.get(name));
    });
  });

  it('says what the certificate can vouch for', () => {
    expect(trustPage(FACTS)).to.contain(
      'for this machine’s name that ends in .local and for private addresses only, not for any site on the internet.',
    );
  });

  it('says so where it can vouch for more, since an earlier version made it', () => {
    const page = trustPage({ ...FACTS, tooWide: ['localhost', 'dev'] });
    expect(page).to.contain('for every name that is or ends in localhost, dev.').and.not.contain('not for any site');
  });
});
