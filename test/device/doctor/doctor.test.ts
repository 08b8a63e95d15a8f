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
  /** Milliseconds until the browser gives up. */
  readonly slowly?: number;
  /** What an update or a check just failed with. */
  readonly after?: UpdateErrorCode;
}

async function examined({ direct = NOTHING, byGateway = NOTHING, opaque = false, ...given }: Scene) {
  const { gateway = '', route = null, origin = target().origin } = given;
  const { page = { origin: 'http://localhost:6685', secure: true }, slowly: ms = 20, after = 'unreachable' } = given;
  const ways = new Set<string>();
  const probes: Probes = {
    page,
    gateway: gateway !== null,
    online: () => true,
    permission: async () => 'none',
    letsLocalHttp: async () => true,
    ask: async (asked: DeviceTarget, credentials) => {
      ways.add(isByGateway(asked) ? 'gateway' : 'direct');
      if (isByGateway(asked)) return byGateway;
      return credentials === 'none' ? NOTHING : direct;
    },
    control: async () => NOTHING,
    describe: async () => null,
    probe: async () => ({ reached: opaque, ms }),
    blockedByPolicy: async () => false,
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
  it('leaves the gateway alone where an address gives no answer: the device is off', async () => {
    for (const origin of [target().origin, 'http://localhost:8080']) {
      expect(await examined({ origin, slowly: 5000, byGateway: GOOD }))
        .to.include({ kind: 'no-answer' })
        .and.deep.include({ ways: ['direct'] });
    }
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
    for (const [byGateway, route] of [
      [NO_SUCH_NAME, null],
      [NO_SUCH_NAME, 'gateway'],
      [NOTHING, null],
      [forbidden, null],
      [forbidden, 'gateway'],
    ] as const) {
      const seen = await examined({ opaque: true, byGateway, route });
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
