/** What an address is asked to find out what is there: by a page and its host, over real sockets. */
import { expect } from 'chai';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { type Dialect, DIALECTS, goesWhole } from '../../../src/model/device/dialect.ts';
import { startShelf } from '../../../src/simulator/node/shelf.ts';
import { probeWholeByAnyRoute } from '../../../src/device/whole-image/open-whole.ts';
import { askHostBy } from '../../../src/page/host/ask-host.ts';
import type { HostFetch } from '../../../src/model/page/page-ports.ts';
import { pageClock } from '../../../src/page/clock.ts';
import { SimulatedEsphome } from '../../../src/simulator/esphome/simulated-esphome.ts';
import { SimulatedEspota } from '../../../src/simulator/espota/simulated-espota.ts';
import { nodeHashes, serveEsphome } from '../../../src/simulator/node/esphome-server.ts';
import { serveEspota } from '../../../src/simulator/node/espota-server.ts';
import type { TestHost } from '../test-host.ts';
import { hostOf, useClosing } from '../closing.ts';

/** As devices do that answer slowly. */
const ANSWERS_AFTER_MS = 30;

describe('asking an address what it is, over real sockets', () => {
  const closing = useClosing();
  let host: TestHost;
  beforeEach(async () => {
    host = await hostOf(closing);
  });

  async function found(origin: string) {
    const own = `http://localhost:${host.port}`;
    const ask: HostFetch = (url, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('origin', own);
      return fetch(new URL(url, own), { ...init, headers });
    };
    const signal = AbortSignal.timeout(20_000);
    const deps = { fetch: ask, clock: pageClock, askHost: askHostBy(ask), permission: async () => 'none' as const };
    return probeWholeByAnyRoute(origin, '', signal, deps);
  }

  /** @param answer what this server makes of a connection */
  async function listening(answer: (socket: Socket) => void, address = '127.0.0.1') {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      answer(socket);
    });
    server.listen(0, address);
    await once(server, 'listening');
    const stop = async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    };
    closing.push(stop);
    const { port } = server.address() as AddressInfo;
    return { origin: `http://${address}:${port}`, connections: () => sockets.size, stop };
  }

  it('asks one question after another, and none that does more than tell', async () => {
    const asked: string[] = [];
    const seen = { now: 0, most: 0 };
    const web = createHttpServer(({ method, url, headers }, response) => {
      asked.push(`${method} ${url}`);
      expect(Object.keys(headers).filter((name) => /token|authorization|cookie/.test(name))).to.deep.equal([]);
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      // Whoever asks meanwhile is seen.
      setTimeout(() => {
        seen.now -= 1;
        response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not here');
      }, ANSWERS_AFTER_MS);
    });
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    closing.push(() => {
      web.closeAllConnections();
      web.close();
    });
    const is = await found(`http://127.0.0.1:${(web.address() as AddressInfo).port}`);
    expect(is).to.equal(null);
    expect(seen.most, 'at once').to.equal(1);
    expect([...new Set(asked)]).to.deep.equal([
      ...['GET /json/info', 'GET /events', 'GET /prettyota/queryPrettyOTAInfo', 'GET /api/info'],
      ...['GET /cm?cmnd=Status%200', 'GET /update', 'GET /'],
    ]);
  });

  it('finds out by its address what each device of the shelf is, one of each kind that takes an image whole', async () => {
    const shelf = await startShelf(0, true);
    closing.push(() => Promise.all(shelf.map((member) => member.close())));
    const kinds = new Set<Dialect>();
    for (const { origin } of shelf) {
      const is = await found(origin);
      if (is !== null && is !== 'nobody') kinds.add(is.dialect);
    }
    // A sketch with ArduinoOTA tells what it is by its announcement alone, and nobody listens for it here.
    kinds.add('espota');
    expect([...kinds].toSorted()).to.deep.equal(DIALECTS.filter(goesWhole).toSorted());
  });

  it('asks once where nothing answers', async () => {
    const mute = await listening(() => undefined);
    expect(await found(mute.origin)).to.equal('nobody');
    expect(mute.connections()).to.equal(1);
    const hangsUp = await listening((socket) => socket.resetAndDestroy());
    const closed = await listening(() => undefined);
    await closed.stop();
    for (const { origin } of [hangsUp, closed]) expect(await found(origin)).to.equal(null);
  });

  it('takes nobody for the ESPHome device that shares its address', async function () {
    // Its API has one port, so that it needs an address of its own: Linux alone has more than one.
    if (process.platform !== 'linux') this.skip();
    const address = `127.88.${process.pid % 250}.1`;
    const { origin, close } = await serveEsphome(new SimulatedEsphome(nodeHashes), { port: 0, host: address });
    closing.push(close);
    const sketch = await serveEspota(new SimulatedEspota(), { port: 0, host: address });
    closing.push(() => sketch.close());
    const closed = await listening(() => undefined, address);
    await closed.stop();
    for (const other of [sketch.origin, closed.origin]) expect(await found(other), other).to.equal(null);
    // It is found where it takes updates, and where no port was typed.
    for (const typed of [origin, `http://${address}:8080`, `http://${address}`]) {
      expect(await found(typed), typed).to.deep.include({ dialect: 'esphome' });
    }
  });
});
