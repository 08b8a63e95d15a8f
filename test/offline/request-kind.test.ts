import { expect } from 'chai';
import { requestKind, type Asked, type RequestKind } from '../../src/offline/request-kind.ts';

const ORIGIN = 'https://moult.example';

function way(place: string, of: Partial<Asked> = {}, scope = `${ORIGIN}/`): RequestKind {
  return requestKind({ url: new URL(place, scope).href, method: 'GET', mode: 'cors', ...of }, scope);
}

describe('The service worker', () => {
  describe('leaves to the browser every request of another origin', () => {
    const others = [
      'http://192.168.1.50:8080/ota/status',
      'https://192.168.1.50/',
      'http://moult.example/',
      'https://moult.example:8443/index.html',
      'https://sub.moult.example/assets/index.js',
    ];
    const modes = ['cors', 'no-cors', 'same-origin', 'navigate'];
    const methods = ['GET', 'POST', 'PUT', 'OPTIONS', 'HEAD'];
    for (const url of others) {
      it(url, () => {
        for (const mode of modes) for (const method of methods) expect(way(url, { mode, method })).to.equal('browser');
      });
    }
  });

  for (const place of ['/device/http/192.168.1.50:8080/ota/status', '/moult.json', '/discover']) {
    it(`leaves ${place} to the host`, () => {
      for (const mode of ['cors', 'navigate']) {
        for (const method of ['GET', 'POST']) expect(way(place, { mode, method })).to.equal('browser');
      }
    });
  }

  it('answers for its own files', () => {
    expect(way('/assets/index-1234.js')).to.equal('kept');
    expect(way('/icon.svg', { mode: 'no-cors' })).to.equal('kept');
  });

  it('answers with the page where the page is opened', () => {
    for (const place of ['/', '/index.html', '/?source=pwa']) expect(way(place, { mode: 'navigate' })).to.equal('page');
  });

  it('lets the host answer for its own pages first', () => {
    expect(way('/trust', { mode: 'navigate' })).to.equal('other-page');
  });

  it('takes what another app shares, and nothing else that is posted', () => {
    expect(way('/share', { method: 'POST', mode: 'navigate' })).to.equal('share');
    expect(way('/share', { method: 'POST' })).to.equal('browser');
    expect(way('/other', { method: 'POST', mode: 'navigate' })).to.equal('browser');
  });

  it('keeps to the folder it was given', () => {
    const scope = `${ORIGIN}/moult/`;
    expect(way('/moult/', { mode: 'navigate' }, scope)).to.equal('page');
    expect(way('/moult/share', { method: 'POST', mode: 'navigate' }, scope)).to.equal('share');
    expect(way('/elsewhere/index.html', { mode: 'navigate' }, scope)).to.equal('browser');
  });
});
