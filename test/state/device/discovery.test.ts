import { expect } from 'chai';
import { DiscoveryState, type TellMore } from '../../../src/state/device/discovery.ts';
import { tellMore } from '../../../src/state/device/found-devices.ts';
import { askForDevices } from '../../../src/page/host/host-offers.ts';
import type { DeviceIdentity } from '../../../src/model/device/identity.ts';
import type { SelfTold } from '../../../src/model/device/self-told.ts';
import type { AskSelf } from '../../../src/state/device/check/ask-self.ts';
import { aFoundDevice } from '../../a-found-device.ts';

const KITCHEN = aFoundDevice();
const LAMP = aFoundDevice({ name: 'wled-a0b1c2', address: 'http://192.168.1.10:80', kind: 'wled', dialect: 'wled' });
const IDENTITY: DeviceIdentity = {
  ...{ product: 'WLED', name: 'Hall', version: '16.0.1', release: 'ESP32', build: null, chipId: 0, chip: 'esp32' },
  ...{ flashBytes: null, uptimeMs: 1000, takesUpdates: true, keepsHalf: false },
};

/** Fails if a device is asked. */
const nobody: AskSelf = () => Promise.reject(new Error('asked'));

function asking(askSelf: AskSelf): TellMore {
  return (device) => tellMore(device, askSelf);
}

describe('Finding devices', () => {
  it('never begins by itself', () => {
    const state = new DiscoveryState(() => Promise.reject(new Error('asked')), asking(nobody));
    expect(state.$discovery.get()).to.deep.equal({ kind: 'unasked' });
  });

  it('looks once at a time, and tells what it found', async () => {
    let asked = 0;
    const state = new DiscoveryState(async () => {
      asked += 1;
      return [KITCHEN];
    }, asking(nobody));
    await Promise.all([state.look(), state.look()]);
    expect(asked).to.equal(1);
    expect(state.$discovery.get()).to.deep.equal({ kind: 'found', devices: [KITCHEN] });
  });

  it('tells that the host could not look', async () => {
    const state = new DiscoveryState(async () => null, asking(nobody));
    await state.look();
    expect(state.$discovery.get()).to.deep.equal({ kind: 'failed' });
  });

  it('asks a lamp what it has not announced, one at a time, and shows it where it stands', async () => {
    const other = aFoundDevice({ ...LAMP, name: 'other', address: 'http://192.168.1.11:80' });
    const asked: string[] = [];
    let atOnce = 0;
    const askSelf: AskSelf = async ({ origin, login, orElse }) => {
      atOnce += 1;
      expect({ atOnce, login, orElse }).to.deep.equal({ atOnce: 1, login: null, orElse: null });
      asked.push(origin);
      await Promise.resolve();
      atOnce -= 1;
      // The second one does not answer.
      return origin === LAMP.address ? told(origin) : null;
    };
    const state = new DiscoveryState(async () => [KITCHEN, LAMP, other], asking(askSelf));
    await state.look();
    expect(asked).to.deep.equal([LAMP.address, other.address]);
    expect(state.$discovery.get()).to.deep.equal({
      kind: 'found',
      devices: [KITCHEN, { ...LAMP, name: 'Hall', version: '16.0.1', chip: 'esp32' }, other],
    });
  });

  it('asks no device that has told it already, and none that would need a token', async () => {
    const devices = [KITCHEN, aFoundDevice({ ...LAMP, version: '16.0.1' }), aFoundDevice({ kind: 'web' })];
    const state = new DiscoveryState(async () => devices, asking(nobody));
    await state.look();
    expect(state.$discovery.get()).to.deep.equal({ kind: 'found', devices });
  });

  it('lists what could not be asked', async () => {
    const state = new DiscoveryState(async () => [LAMP], asking(nobody));
    await state.look();
    expect(state.$discovery.get()).to.deep.equal({ kind: 'found', devices: [LAMP] });
  });

  it('asks the host at its own path', async () => {
    const urls: string[] = [];
    const found = await askForDevices(async (url) => {
      urls.push(url);
      return Response.json({ found: [KITCHEN] });
    });
    expect(urls).to.deep.equal(['/discover']);
    expect(found).to.deep.equal([KITCHEN]);
  });

  it('reads what a host of another version says', async () => {
    const { name, address } = KITCHEN;
    const older = { name, address, viper: true };
    const newer = { ...KITCHEN, kind: 'toaster', dialect: 'toast', crumbs: 3 };
    const found = await askForDevices(async () => Response.json({ found: [older, newer] }));
    expect(found).to.deep.equal([aFoundDevice({ kind: 'web' }), aFoundDevice({ kind: 'web' })]);
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

function told(origin: string): SelfTold {
  const other = { dialect: 'wled', identity: IDENTITY, origin } as const;
  return { isViper: false, title: null, version: null, otas: [], other };
}
