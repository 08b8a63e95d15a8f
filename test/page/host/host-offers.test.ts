import { expect } from 'chai';
import { HostState } from '../../../src/state/host.ts';
import { askHost } from '../../../src/page/host/host-offers.ts';

const answer =
  (body: string, status = 200) =>
  async () =>
    new Response(body, { status });

describe('What the host offers', () => {
  it('is what it says in moult.json', async () => {
    const simulated = [{ name: 'Kitchen', address: 'localhost:8081', token: 'aa' }];
    const offers = await askHost(answer(JSON.stringify({ gateway: true, discover: true, simulated, more: 1 })));
    expect(offers).to.deep.equal({ gateway: true, discover: true, simulated, pairing: 'not-needed', lan: null });
  });

  it('is where phones find it', async () => {
    const lan = { plain: ['http://192.168.1.5:6685/'], secure: ['https://192.168.1.5:6686/'], fingerprint: 'AB:CD' };
    const offers = await askHost(answer(JSON.stringify({ gateway: true, simulated: [], lan })));
    expect(offers).to.have.property('lan').that.deep.equals({ plain: lan.plain, fingerprint: 'AB:CD' });
  });

  it('is no finding of devices where an older host does not know of it', async () => {
    expect(await askHost(answer('{"gateway":true,"simulated":[]}'))).to.include({ discover: false });
  });

  it('is nothing where another server answers', async () => {
    expect(await askHost(answer('<!doctype html>'))).to.equal(null);
    expect(await askHost(answer('{"gateway":"yes","simulated":[]}'))).to.equal(null);
    expect(await askHost(answer('no', 404))).to.equal(null);
  });

  it('is not known where nothing answers', async () => {
    expect(await askHost(() => Promise.reject(new TypeError('Failed to fetch')))).to.equal('away');
  });
});

describe('The host, as the page knows it', () => {
  const OFFERS = { gateway: true, discover: true, simulated: [] };

  /** A host that answers so, one after the other; `asked` counts. */
  function hostThat(...answers: readonly (typeof OFFERS | 'away' | null)[]) {
    const count = { asked: 0 };
    const host = new HostState(async () => answers[count.asked++] ?? null);
    return { host, count };
  }

  it('is asked again where it was away, until it answers', async () => {
    const { host, count } = hostThat('away', 'away', OFFERS);
    await host.load();
    expect(host.$offers.get().gateway).to.equal(false);
    await host.look();
    expect(host.$offers.get().gateway).to.equal(false);
    await host.look();
    expect(host.$offers.get()).to.deep.equal(OFFERS);
    await host.look();
    expect(count.asked).to.equal(3);
  });

  it('is not asked again where something else served the page', async () => {
    const { host, count } = hostThat(null);
    await host.load();
    await host.look();
    expect(count.asked).to.equal(1);
  });

  it('is asked one question at a time', async () => {
    const { host, count } = hostThat('away', OFFERS);
    await host.load();
    await Promise.all([host.look(), host.look(), host.look()]);
    expect([count.asked, host.$offers.get().gateway]).to.deep.equal([2, true]);
  });
});
