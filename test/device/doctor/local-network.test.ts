import { expect } from 'chai';
import type { PageSurroundings } from '../../../src/device/doctor/page-surroundings.ts';
import { LocalNetwork } from '../../../src/device/doctor/local-network.ts';
import { answering, limits, target } from '../given.ts';
import { ManualClock } from '../manual-clock.ts';
import { page as surroundings } from './surroundings.ts';

const page = (state: () => string): PageSurroundings =>
  surroundings({ queryPermission: async () => ({ state: state() }) });

const { signal } = limits();

describe('The local network, as this page may reach it', () => {
  it('is what the browser says of it', async () => {
    for (const state of ['granted', 'denied', 'prompt'] as const) {
      expect(await new LocalNetwork(page(() => state)).permission(target())).to.equal(state);
    }
  });

  it('needs no permission for the page’s own origin', async () => {
    const network = new LocalNetwork(page(() => 'prompt'));
    expect(await network.permission({ origin: 'https://moult.example' })).to.equal('none');
  });

  it('needs none once the browser was seen to let a request through without asking', async () => {
    const network = new LocalNetwork(page(() => 'prompt'));
    await network.ask(target(), { ...answering(new Response()), clock: new ManualClock(), signal });
    expect(await network.permission(target())).to.equal('none');
  });

  it('is still to be asked for where the question was closed without an answer', async () => {
    const network = new LocalNetwork(page(() => 'prompt'));
    await network.ask(target(), { ...answering(new TypeError('x')), clock: new ManualClock(), signal });
    expect(await network.permission(target())).to.equal('prompt');
  });

  it('follows the browser when the person changes the setting later', async () => {
    let state = 'prompt';
    const network = new LocalNetwork(page(() => state));
    await network.ask(target(), { ...answering(new Response()), clock: new ManualClock(), signal });
    state = 'denied';
    expect(await network.permission(target())).to.equal('denied');
  });
});
