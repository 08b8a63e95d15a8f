import { expect } from 'chai';
import { DiscoveryState } from '../../../src/state/device/discovery.ts';
import { askForDevices } from '../../../src/page/host-offers.ts';
import type { FoundDevice } from '../../../src/model/page/page-ports.ts';

const KITCHEN: FoundDevice = { name: 'Kitchen', address: 'http://192.168.1.50:8080', viper: true };

describe('Finding devices', () => {
  it('never begins by itself', () => {
    const state = new DiscoveryState(() => Promise.reject(new Error('asked')));
    expect(state.$discovery.get()).to.deep.equal({ kind: 'unasked' });
  });

  it('looks once at a time, and tells what it found', async () => {
    let asked = 0;
    const state = new DiscoveryState(async () => {
      asked += 1;
      return [KITCHEN];
    });
    await Promise.all([state.look(), state.look()]);
    expect(asked).to.equal(1);
    expect(state.$discovery.get()).to.deep.equal({ kind: 'found', devices: [KITCHEN] });
  });

  it('tells that the host could not look', async () => {
    const state = new DiscoveryState(async () => null);
    await state.look();
    expect(state.$discovery.get()).to.deep.equal({ kind: 'failed' });
  });

  it('asks the host with its own word for it', async () => {
    const urls: string[] = [];
    const found = await askForDevices(async (url) => {
      urls.push(url);
      return Response.json({ found: [KITCHEN] });
    });
    expect(urls).to.deep.equal(['/discover']);
    expect(found).to.deep.equal([KITCHEN]);
  });

  it('takes anything else for no answer', async () => {
    const others: readonly (() => Response)[] = [
      () => new Response('<!doctype html>'),
      () => Response.json({ found: [{ name: 'Kitchen' }] }),
      () => Response.json({ detail: 'mDNS' }, { status: 503 }),
      () => {
        throw new TypeError('Failed to fetch');
      },
    ];
    for (const other of others) expect(await askForDevices(async () => other())).to.equal(null);
  });
});
