import { expect } from 'chai';
import { examine } from './told.ts';
import type { Asked, Probes } from '../../../src/device/doctor/probes.ts';
import { isByGateway, type DeviceTarget } from '../../../src/device/target.ts';
import type { Route } from '../../../src/model/device/device.ts';
import type { UpdateErrorCode } from '../../../src/model/update/error-codes.ts';
import { target } from '../given.ts';

const NOTHING: Asked = { code: 'unreachable', status: null, said: null, body: null, gatewaySays: null };
const GOOD: Asked = { code: null, status: 200, said: null, body: 'snapshot', gatewaySays: null };
const REFUSED: Asked = { code: 'unauthorised', status: 401, said: null, body: 'empty', gatewaySays: null };
const NO_SUCH_NAME: Asked = {
  code: 'device-fault',
  status: 502,
  said: 'No device has that name on this network.',
  body: 'text',
  gatewaySays: 'unreachable',
};

interface Scene {
  readonly direct?: Asked;
  readonly byGateway?: Asked;
  /** Whether something answers that cannot be read. */
  readonly opaque?: boolean;
  readonly gateway?: string | null;
  readonly route?: Route | null;
  readonly origin?: string;
  /** Where the page comes from, and whether it is a secure context. */
  readonly page?: { readonly origin: string; readonly secure: boolean };
  readonly permission?: 'granted' | 'denied' | 'prompt' | 'none';
  readonly blocked?: boolean;
  /** Milliseconds until the browser gives up. */
  readonly slowly?: number;
  /** The answer without a token. */
  readonly plain?: Asked;
  /** What an update or a check just failed with. */
  readonly after?: UpdateErrorCode;
  /** The answer with Bearer; default: that of `direct`. */
  readonly bearer?: Asked;
}

async function examined({ direct = NOTHING, byGateway = NOTHING, opaque = false, ...given }: Scene) {
  const { gateway = '', route = null, origin = target().origin } = given;
  const { page = { origin: 'http://localhost:6685', secure: true }, permission = 'none', blocked = false } = given;
  const { slowly: ms = 20, plain = NOTHING, bearer = direct, after = 'unreachable' } = given;
  const ways = new Set<string>();
  const probes: Probes = {
    page,
    gateway: gateway !== null,
    online: () => true,
    permission: async () => permission,
    letsLocalHttp: async () => true,
    ask: async (asked: DeviceTarget, credentials) => {
      ways.add(isByGateway(asked) ? 'gateway' : 'direct');
      if (isByGateway(asked)) return byGateway;
      return credentials === 'none' ? plain : credentials === 'bearer' ? bearer : direct;
    },
    control: async () => NOTHING,
    describe: async () => null,
    probe: async () => ({ reached: opaque, ms }),
    blockedByPolicy: async () => blocked,
  };
  const { kind, remedy, sentence } = await examine({ ...target({ origin }), gateway, route }, probes, after);
  return { kind, remedy: remedy.kind, sentence, ways: [...ways] };
}

describe('The doctor, with two ways to a device', () => {
  it('leaves the gateway alone where the direct way tells enough', async () => {
    expect(await examined({ direct: REFUSED }))
      .to.include({ kind: 'wrong-token' })
      .and.deep.include({ ways: ['direct'] });
  });

  it('asks the gateway where an address answers the browser nothing, which may be another protocol', async () => {
    for (const [gatewaySays, kind] of [
      ['not-http', 'not-http'],
      ['unreachable', 'port-closed'],
    ] as const) {
      const byGateway: Asked = { ...NO_SUCH_NAME, said: 'In words.', gatewaySays };
      const seen = await examined({ byGateway });
      expect(seen)
        .to.include({ kind })
        .and.deep.include({ ways: ['direct', 'gateway'] });
      expect(seen.sentence).to.not.match(/nothing (answers|listens)/i);
    }
  });

  it('learns from the gateway that what answers redirects, so that the browser does not follow', async () => {
    const byGateway: Asked = { ...NOTHING, code: 'garbled', redirects: true };
    const seen = await examined({ opaque: true, byGateway, after: 'garbled' });
    expect(seen)
      .to.include({ kind: 'redirects' })
      .and.deep.include({ ways: ['gateway'] });
  });

  it('says that the host is missing, where a device is reached through it and it is gone', async () => {
    const seen = await examined({ opaque: true, byGateway: NOTHING, route: 'gateway' });
    expect(seen).to.include({ kind: 'gateway-gone', remedy: 'try-again' });
    expect(seen.sentence).to.match(/^The computer that runs Moult doesn’t answer/);
  });

  it('offers the gateway where the browser is in the way and the gateway is not', async () => {
    expect(await examined({ opaque: true, byGateway: GOOD })).to.include({
      kind: 'cors-missing',
      remedy: 'use-gateway',
    });
  });

  const HTTPS = { origin: 'https://moult.example', secure: true };
  for (const [kind, scene] of [
    ['mixed-content', { page: HTTPS, origin: 'http://203.0.113.5:8080' }],
    ['page-not-secure', { page: { origin: 'http://moult.example', secure: false } }],
    ['permission-denied', { permission: 'denied' }],
    ['permission-not-asked', { permission: 'prompt' }],
    ['blocked-by-policy', { blocked: true }],
    ['header-missing', { opaque: true, plain: REFUSED }],
    ['header-refused', { direct: REFUSED, bearer: NOTHING }],
    ['certificate', { origin: 'https://192.168.1.50:8080' }],
    ['no-such-name', { origin: 'http://kitchen.local:8080', slowly: 5000 }],
    ['port-closed', { origin: 'http://kitchen.local:8080' }],
    ['port-closed', {}],
  ] as const satisfies readonly (readonly [string, Scene])[]) {
    it(`offers the gateway where it gets further than the page: ${kind}`, async () => {
      expect(await examined({ ...scene, byGateway: GOOD })).to.include({ kind, remedy: 'use-gateway' });
      expect(await examined({ ...scene, gateway: null }), 'without one').not.to.include({ remedy: 'use-gateway' });
    });
  }

  it('leaves the gateway alone where an address gives no answer: the device is off', async () => {
    expect(await examined({ slowly: 5000, byGateway: GOOD }))
      .to.include({ kind: 'no-answer' })
      .and.deep.include({ ways: ['direct'] });
  });

  it('says what is wrong behind the gateway, instead of offering it in vain', async () => {
    expect(await examined({ opaque: true, byGateway: REFUSED })).to.include({
      kind: 'wrong-token',
      remedy: 'edit-device',
    });
  });

  it('does not offer the gateway where it is used already', async () => {
    const seen = await examined({ opaque: true, byGateway: GOOD, route: 'gateway' });
    expect(seen).to.include({ kind: 'answers', remedy: 'try-again' });
  });

  it('asks the gateway about a name, since the browser does not tell a missing name from a closed port', async () => {
    const seen = await examined({ origin: 'http://kitchen.local:8080', byGateway: NO_SUCH_NAME });
    expect(seen.sentence).to.contain('No device has that name on this network.');
  });

  it('says that the gateway reaches private addresses only', async () => {
    const forbidden: Asked = { code: 'forbidden', status: 403, said: null, body: 'empty', gatewaySays: 'unreachable' };
    const scene = { page: HTTPS, origin: 'http://203.0.113.5:8080', byGateway: forbidden };
    expect((await examined(scene)).kind).to.equal('gateway-refused');
  });

  it('does not call a device off that answered the browser, whatever the gateway says', async () => {
    const forbidden: Asked = { code: 'forbidden', status: 403, said: null, body: 'empty', gatewaySays: 'unreachable' };
    for (const byGateway of [NO_SUCH_NAME, NOTHING, forbidden]) {
      const seen = await examined({ opaque: true, byGateway });
      expect(seen).to.include({ kind: 'cors-missing', remedy: 'copy-cors-lines' });
      expect(seen.sentence).to.contain('Something answers at');
    }
  });

  it('does without a gateway', async () => {
    expect(await examined({ opaque: true, gateway: null })).to.include({
      kind: 'cors-missing',
      remedy: 'copy-cors-lines',
    });
  });
});
