import { expect } from 'chai';
import { askHost } from '../../src/state/host-offers.ts';

const answer =
  (body: string, status = 200) =>
  async () =>
    new Response(body, { status });

describe('What the host offers', () => {
  it('is taken from its own word', async () => {
    const simulated = [{ name: 'Kitchen', address: 'localhost:8081', token: 'aa' }];
    const offers = await askHost(answer(JSON.stringify({ gateway: true, discover: true, simulated, more: 1 })));
    expect(offers).to.deep.equal({ gateway: true, discover: true, simulated, pairing: 'not-needed', lan: null });
  });

  it('is where phones find it', async () => {
    const lan = { plain: ['http://192.168.1.5:6685/'], secure: ['https://192.168.1.5:6686/'], fingerprint: 'AB:CD' };
    const offers = await askHost(answer(JSON.stringify({ gateway: true, simulated: [], lan })));
    expect(offers?.lan).to.deep.equal({ plain: lan.plain, fingerprint: 'AB:CD' });
  });

  it('is no finding of devices where an older host does not know of it', async () => {
    expect(await askHost(answer('{"gateway":true,"simulated":[]}'))).to.include({ discover: false });
  });

  it('is nothing where another server answers', async () => {
    expect(await askHost(answer('<!doctype html>'))).to.equal(null);
    expect(await askHost(answer('{"gateway":"yes","simulated":[]}'))).to.equal(null);
    expect(await askHost(answer('no', 404))).to.equal(null);
    expect(await askHost(() => Promise.reject(new TypeError('Failed to fetch')))).to.equal(null);
  });
});
