import { expect } from 'chai';
import { wayByHand, type InstallSurroundings } from '../../src/offline/install.ts';

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4';
const AGENTS = {
  iphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 Version/18.4 Mobile Safari/604.1',
  safari: `${MAC} Safari/605.1.15`,
  chromeOnMac: 'Mozilla/5.0 (Macintosh) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
};

function way(of: Partial<InstallSurroundings>) {
  return wayByHand({ secure: true, standalone: false, userAgent: AGENTS.firefox, touchPoints: 0, ...of });
}

describe('Where the browser offers no install', () => {
  it('an iPhone has its share sheet, and so has an iPad that calls itself a Mac', () => {
    expect(way({ userAgent: AGENTS.iphone, touchPoints: 5 })).to.equal('share-sheet');
    expect(way({ userAgent: AGENTS.safari, touchPoints: 5 })).to.equal('share-sheet');
  });

  it('Safari on a Mac has its Dock', () => {
    expect(way({ userAgent: AGENTS.safari })).to.equal('dock');
  });

  it('others may have it in their menu', () => {
    expect(way({ userAgent: AGENTS.firefox })).to.equal('menu');
    expect(way({ userAgent: AGENTS.chromeOnMac })).to.equal('menu');
  });

  it('a page that is no secure context has none, in any browser', () => {
    for (const userAgent of Object.values(AGENTS)) expect(way({ userAgent, secure: false })).to.equal('not-secure');
  });

  it('a window of its own is installed already', () => {
    for (const userAgent of Object.values(AGENTS)) expect(way({ userAgent, standalone: true })).to.equal('installed');
  });
});
