import { expect } from 'chai';
import { trustPage } from '../../../src/host/serve/trust-page.ts';

const FACTS = {
  plainUrl: 'http://192.168.1.5:6685/',
  secureUrls: ['https://192.168.1.5:6686/'],
  fingerprint: 'AB:CD',
  appPath: '/index.html',
};

describe('The page that tells how to trust the host', () => {
  it('says what the certificate can vouch for', () => {
    const page = trustPage({ ...FACTS, tooWide: [] });
    expect(page.replaceAll('\n', ' ')).to.contain(
      'for this machine’s name that ends in .local and for private addresses only, not for any site on the internet.',
    );
  });

  it('says so where it can vouch for more, since an earlier version made it', () => {
    const page = trustPage({ ...FACTS, tooWide: ['localhost', 'dev'] });
    expect(page).to.contain('for every name that is or ends in localhost, dev.').and.not.contain('not for any site');
  });
});
