import { expect } from 'chai';
import { localNetworkPermission, type PageSurroundings } from '../../../src/device/doctor/page-surroundings.ts';
import { page } from './surroundings.ts';

const HOST = '192.168.1.50';

describe('the browser’s permission for the local network', () => {
  it('is what the browser tells on a secure page', async () => {
    for (const state of ['granted', 'denied', 'prompt'] as const) {
      expect(await localNetworkPermission(page({ queryPermission: async () => ({ state }) }), HOST)).to.equal(state);
    }
  });

  it('is queried under its first name, where the browser does not know the newer one', async () => {
    const asked: string[] = [];
    const queryPermission = async (name: string) => {
      asked.push(name);
      if (name === 'local-network') throw new TypeError('unknown name');
      return { state: 'granted' };
    };
    expect(await localNetworkPermission(page({ queryPermission }), HOST)).to.equal('granted');
    expect(asked).to.deep.equal(['local-network', 'local-network-access']);
  });

  it('is a separate one for devices on this machine, where the browser tells them apart', async () => {
    const queryPermission = async (name: string) => ({ state: name === 'loopback-network' ? 'denied' : 'granted' });
    expect(await localNetworkPermission(page({ queryPermission }), '127.0.0.1')).to.equal('denied');
    expect(await localNetworkPermission(page({ queryPermission }), HOST)).to.equal('granted');
  });

  it('plays no part where the browser has none, the page is not secure, or the page is local itself', async () => {
    const unknown = () => Promise.reject(new TypeError('unknown name'));
    const cases: readonly Partial<PageSurroundings>[] = [
      { queryPermission: unknown },
      { queryPermission: null },
      { queryPermission: async () => ({ state: 'other' }) },
      { isSecureContext: false },
      { hostname: 'localhost' },
      { hostname: '127.0.0.1' },
      { hostname: '192.168.1.9' },
      { hostname: 'laptop.local' },
    ];
    for (const changes of cases) expect(await localNetworkPermission(page(changes), HOST)).to.equal('none');
  });
});
