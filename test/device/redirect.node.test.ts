import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { REDIRECT } from '../../src/device/answer-error.ts';
import { ShippedLink } from '../../src/device/viperhttp/shipped.ts';
import { errorOf, limits, target } from './given.ts';
import { ManualClock } from './manual-clock.ts';

describe('a device that redirects', () => {
  const servers: Server[] = [];

  async function listen(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it('gets no token sent to the other address, which is not taken for the device', async () => {
    const elsewhere: IncomingHttpHeaders[] = [];
    const thief = await listen((request, response) => {
      elsewhere.push(request.headers);
      response.end('{"supported": true, "session": null}');
    });
    let asked = 0;
    const origin = await listen((request, response) => {
      asked += 1;
      response.writeHead(307, { Location: `${thief}${request.url ?? ''}` }).end();
    });
    const world = { fetch: globalThis.fetch, clock: new ManualClock() };
    const link = new ShippedLink(target({ origin }), world);
    for (const work of [link.status(limits()), link.write(new Uint8Array(9), 0, limits())]) {
      expect(await errorOf(work)).to.include({ code: 'garbled', cause: REDIRECT });
    }
    expect(asked).to.equal(2);
    expect(elsewhere).to.deep.equal([]);
  });
});
