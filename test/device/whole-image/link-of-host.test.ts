/** A device that only a host can speak to: the page knows it by what the host tells, and sends nothing to it. */
import { expect } from 'chai';
import { openByAnyRoute } from '../../../src/device/route.ts';
import type { Route } from '../../../src/model/device/device.ts';
import type { DeviceIdentity } from '../../../src/model/device/identity.ts';
import type { AskHost, WholeImageLink } from '../../../src/model/device/whole-image-link.ts';
import { isWholeImage } from '../../../src/model/device/whole-image-link.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import { ManualClock } from '../manual-clock.ts';
import { limits, target } from '../given.ts';

const IDENTITY: DeviceIdentity = {
  ...{ product: 'ESPHome', name: 'Kitchen', version: '2026.6.5', release: null, build: null, chipId: null, chip: null },
  ...{ flashBytes: null, uptimeMs: null, takesUpdates: null, keepsHalf: false },
};

async function opened(askHost: AskHost | null, gateway: string | null = ''): Promise<WholeImageLink> {
  const routes: (readonly [Route, boolean])[] = [];
  const open = openByAnyRoute(
    { ...target({ protocol: 'esphome' }), gateway, route: null },
    {
      fetch: () => Promise.reject(new Error('The page asks nothing by itself.')),
      clock: new ManualClock(),
      permission: () => Promise.resolve('prompt' as const),
      ...(askHost === null ? {} : { askHost }),
    },
    (...route) => void routes.push(route),
  );
  const link = await open(limits());
  expect(routes).to.deep.equal([['gateway', false]]);
  if (!isWholeImage(link)) throw new Error('another kind');
  return link;
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof UpdateError ? error.code : error),
  );

describe('a device that only a host can speak to', () => {
  it('is what the host says that it is, with the secrets that are saved', async () => {
    const asked: string[] = [];
    const link = await opened((of) => {
      asked.push(`${of.origin} ${of.protocol} ${of.token === '' ? 'no token' : 'token'}`);
      return Promise.resolve({ dialect: 'esphome', identity: IDENTITY });
    });
    expect(await link.identify(limits())).to.equal(IDENTITY);
    expect(new Set(asked)).to.deep.equal(new Set([`${target().origin} esphome token`]));
  });

  it('takes no update from the page', async () => {
    const link = await opened(() => Promise.resolve({ dialect: 'esphome', identity: IDENTITY }));
    expect(await codeOf(link.prepare(limits()))).to.equal('needs-host');
  });

  it('needs a host where there is none, and the message names its kind', async () => {
    for (const link of [await opened(null, null), await opened(null)]) {
      expect(link.dialect).to.equal('esphome');
      expect(await codeOf(link.identify(limits()))).to.equal('needs-host');
    }
  });

  it('is another one where the host finds another', async () => {
    expect(await codeOf(opened(() => Promise.resolve({ dialect: 'wled', identity: IDENTITY })))).to.equal('garbled');
    expect(await codeOf(opened(() => Promise.resolve(null)))).to.equal('garbled');
  });
});
