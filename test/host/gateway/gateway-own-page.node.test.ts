/** Which pages the gateway serves. */
import { expect } from 'chai';
import { call } from '../test-host.ts';
import { TOKEN, useGateway, fromPage, ok, statusOf } from './gateway-host.ts';

describe('the gateway', () => {
  const { hostWith, device } = useGateway();

  it('serves a plain-http page that says nothing of itself but “X-Moult”, and no page that says nothing', async () => {
    const { port, got } = await device(ok);
    const host = await hostWith();
    const path = statusOf(port);
    expect((await call({ port: host.port, path, headers: { 'x-moult': '1' } })).status).to.equal(200);
    expect((await call({ port: host.port, path })).status).to.equal(403);
    expect(got.map(({ headers }) => 'x-moult' in headers)).to.deep.equal([false]);
  });

  describe('serves its own page only', () => {
    const foreign: readonly (readonly [string, Record<string, string>])[] = [
      ['a foreign Origin', { origin: 'http://evil.example' }],
      ['an opaque Origin', { origin: 'null' }],
      ['another port of this machine', { origin: 'http://localhost:1' }],
      ['the right name with another scheme', { origin: 'https://localhost' }],
      ['a browser that says cross-site', { 'sec-fetch-site': 'cross-site' }],
      ['a browser that says same-site', { 'sec-fetch-site': 'same-site' }],
    ];
    for (const [who, headers] of foreign) {
      it(`not ${who}`, async () => {
        const { port, got } = await device(ok);
        const answer = await fromPage(await hostWith(), statusOf(port), { headers });
        expect(answer.status).to.equal(403);
        expect(answer.headers['moult-gateway']).to.equal('not-our-page');
        expect(got).to.have.length(0);
      });
    }

    it('not a foreign name that points at this machine', async () => {
      const { port, got } = await device(ok);
      const host = await hostWith();
      const headers = { host: `evil.example:${host.port}`, origin: `http://evil.example:${host.port}` };
      expect((await fromPage(host, statusOf(port), { headers })).status).to.equal(421);
      expect(got).to.have.length(0);
    });

    it('not a request that says nothing of where it comes from', async () => {
      const { port, got } = await device(ok);
      const host = await hostWith();
      expect((await call({ port: host.port, path: statusOf(port) })).status).to.equal(403);
      const post = { port: host.port, method: 'POST', path: `/device/http/127.0.0.1:${port}/ota/abort`, body: '' };
      expect((await call({ ...post, headers: { 'x-ota-token': TOKEN } })).status).to.equal(403);
      expect(got).to.have.length(0);
    });

    it('but a GET without Origin that no foreign page could send', async () => {
      const { port } = await device(ok);
      const host = await hostWith();
      const get = { port: host.port, path: statusOf(port) };
      expect((await call({ ...get, headers: { 'x-ota-token': TOKEN } })).status).to.equal(200);
      expect((await call({ ...get, headers: { 'sec-fetch-site': 'same-origin' } })).status).to.equal(200);
    });

    it('and grants no preflight', async () => {
      const answer = await fromPage(await hostWith(), statusOf(8080), {
        method: 'OPTIONS',
        headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
      });
      expect(answer.status).to.equal(403);
      expect(answer.headers).not.to.have.property('access-control-allow-origin');
    });
  });
});
