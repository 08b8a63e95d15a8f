import { expect } from 'chai';
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { JOURNEY_MS, useJourney } from '../journey.ts';

const APP = fileURLToPath(new URL('../../../dist/app', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};

describe('A link to a page without a host', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();
  let server: Server;
  /** Paths that the server was asked for. */
  const asked: string[] = [];

  before(async () => {
    server = createServer(({ url = '/' }, answer) => {
      const { pathname } = new URL(url, 'http://localhost');
      asked.push(pathname);
      const path = join(APP, pathname === '/' ? 'index.html' : pathname);
      if (!existsSync(path)) {
        answer.writeHead(404).end();
        return;
      }
      answer.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' });
      createReadStream(path).pipe(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => new Promise((resolve) => server.close(resolve)));

  it('shows an update, one that loses its Wi-Fi, one that rolls back and one that is refused', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const app = await journey().open(undefined, url);
    const simulator = (): boolean => asked.some((path) => path.includes('/simulator-'));
    await app.button('Try it with a simulated device').waitFor();
    expect(simulator(), 'the first view loads the simulator').to.equal(false);
    await app.button('Try it with a simulated device').click();
    const ends = [
      ['Kitchen sensor (simulated)', 'Updated'],
      ['Cellar relay (simulated, bad Wi-Fi)', 'Updated'],
      ['Attic lamp (simulated, rolls back)', 'Rolled back'],
      ['Garage meter (simulated, bad memory)', 'Rejected by the device'],
    ] as const;
    for (const [name] of ends) await app.press('Update', name);
    for (const [name, words] of ends) await app.says(words, name, JOURNEY_MS);
    expect(simulator()).to.equal(true);
    // What is there at the host, and nothing else: no device was ever looked for on a network.
    expect(app.errors.filter((error) => !error.includes('moult.json') && !error.includes('404'))).to.deep.equal([]);
  });

  it('leaves nothing of an update that a reload ended', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const app = await journey().open(undefined, url);
    await app.button('Try it with a simulated device').click();
    await app.press('Update', 'Kitchen sensor (simulated)');
    while (!((await app.percent('Kitchen sensor (simulated)')) > 0)) await sleep(50);
    await app.page.reload();
    await app.button('Try it with a simulated device').waitFor();
    const unfinished = await app.page.evaluate(
      () =>
        new Promise((resolve) => {
          const opening = indexedDB.open('moult');
          opening.onsuccess = () => {
            const counting = opening.result.transaction('journal').objectStore('journal').count();
            counting.onsuccess = () => resolve(counting.result);
          };
        }),
    );
    expect(unfinished).to.equal(0);
  });
});
