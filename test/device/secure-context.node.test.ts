import { expect } from 'chai';
import { send } from '../../src/device/request.ts';
import { answering, limits, target } from './given.ts';
import { ManualClock } from './manual-clock.ts';
import { STATUS } from './status-request.ts';

describe('the address space of a plain LAN name', () => {
  afterEach(() => void Reflect.deleteProperty(globalThis, 'isSecureContext'));

  async function named(): Promise<string | null> {
    const { fetch, seen } = answering(Response.json({}));
    await send(target({ origin: 'http://esp32.lan' }), STATUS, limits(), { fetch, clock: new ManualClock() });
    return seen[0]?.init.targetAddressSpace ?? null;
  }

  it('is named where the runtime says that the page is secure, and not in Node, which says nothing', async () => {
    expect(await named()).to.equal(null);
    for (const [value, space] of [
      [true, 'local'],
      [false, null],
    ] as const) {
      Object.defineProperty(globalThis, 'isSecureContext', { value, configurable: true });
      expect(await named()).to.equal(space);
    }
  });
});
