import { expect } from 'chai';
import { withSizeByRoute } from '../../src/storage/earlier-device.ts';
import type { Route } from '../../src/model/device/device.ts';
import { aDevice } from './samples.ts';

describe('A device of an earlier version', () => {
  const kept = (route: Route | null, chunkBytes: number | null) =>
    withSizeByRoute({ ...aDevice({ route }), chunkBytes }).chunkBytes;

  it('keeps the size of its chunks for the route that it used', () => {
    expect(kept('direct', 65_536)).to.deep.equal({ direct: 65_536 });
    expect(kept('gateway', 4096)).to.deep.equal({ gateway: 4096 });
  });

  it('forgets a size that came of halving, and one whose route is not known', () => {
    expect(kept('direct', 2048)).to.deep.equal({});
    expect(kept(null, 65_536)).to.deep.equal({});
    expect(kept('direct', null)).to.deep.equal({});
  });

  it('is the same device in everything else', () => {
    const device = aDevice({ route: 'gateway', dialect: 'shipped', group: 'Attic' });
    expect(withSizeByRoute({ ...device, chunkBytes: 8192 })).to.deep.equal({
      ...device,
      chunkBytes: { gateway: 8192 },
    });
  });
});
