import { expect } from 'chai';
import { examine } from '../../src/device/doctor.ts';
import type { Asked, Probes } from '../../src/device/reach.ts';
import { isByGateway, type DeviceTarget } from '../../src/device/target.ts';
import type { Route } from '../../src/update/device.ts';
import { target } from './given.ts';

const NOTHING: Asked = { code: 'unreachable', status: null, said: null, foreign: false };
const GOOD: Asked = { code: null, status: 200, said: null, foreign: false };
const REFUSED: Asked = { code: 'unauthorised', status: 401, said: null, foreign: false };
const NO_SUCH_NAME: Asked = {
  code: 'device-fault',
  status: 502,
  said: 'No device has that name on this network.',
  foreign: false,
};

interface Scene {
  readonly direct?: Asked;
  readonly byGateway?: Asked;
  /** Whether something answers that cannot be read. */
  readonly opaque?: boolean;
  readonly gateway?: string | null;
  readonly route?: Route | null;
  readonly origin?: string;
}

async function examined({ direct = NOTHING, byGateway = NOTHING, opaque = false, ...given }: Scene) {
  const { gateway = '', route = null, origin = target().origin } = given;
  const ways = new Set<string>();
  const probes: Probes = {
    page: { origin: 'http://localhost:4173', secure: true },
    gateway: gateway !== null,
    online: () => true,
    permission: async () => 'none',
    letsLocalHttp: async () => true,
    ask: async (asked: DeviceTarget) => {
      ways.add(isByGateway(asked) ? 'gateway' : 'direct');
      return isByGateway(asked) ? byGateway : direct;
    },
    knock: async () => ({ reached: opaque, ms: 20 }),
    blockedByPolicy: async () => false,
  };
  const { kind, remedy, sentence } = await examine({ ...target({ origin }), gateway, route }, probes, 'unreachable');
  return { kind, remedy: remedy.kind, sentence, ways: [...ways] };
}

describe('The doctor, of a device with two ways to it', () => {
  it('leaves the gateway alone where the direct way tells enough', async () => {
    expect(await examined({ direct: REFUSED }))
      .to.include({ kind: 'wrong-token' })
      .and.deep.include({ ways: ['direct'] });
    expect(await examined({}))
      .to.include({ kind: 'port-closed' })
      .and.deep.include({ ways: ['direct'] });
  });

  it('offers the gateway where the browser is in the way and the gateway is not', async () => {
    expect(await examined({ opaque: true, byGateway: GOOD })).to.include({
      kind: 'cors-missing',
      remedy: 'use-gateway',
    });
  });

  it('says what is wrong behind the gateway, instead of sending there in vain', async () => {
    expect(await examined({ opaque: true, byGateway: REFUSED })).to.include({
      kind: 'wrong-token',
      remedy: 'edit-device',
    });
  });

  it('does not offer the gateway to who goes by it already', async () => {
    const seen = await examined({ opaque: true, byGateway: GOOD, route: 'gateway' });
    expect(seen).to.include({ kind: 'answers', remedy: 'try-again' });
  });

  it('asks the gateway about a name, since the browser does not tell a missing name from a closed port', async () => {
    const seen = await examined({ origin: 'http://kitchen.local:8080', byGateway: NO_SUCH_NAME });
    expect(seen.sentence).to.contain('No device has that name on this network.');
  });

  it('says that the gateway reaches private addresses only', async () => {
    const forbidden: Asked = { code: 'forbidden', status: 403, said: null, foreign: false };
    expect((await examined({ opaque: true, byGateway: forbidden })).kind).to.equal('gateway-refused');
  });

  it('does without a gateway', async () => {
    expect(await examined({ opaque: true, gateway: null })).to.include({
      kind: 'cors-missing',
      remedy: 'copy-cors-lines',
    });
  });
});
