import { expect } from 'chai';
import type { DeviceOptions } from '../../../src/simulator/options.ts';
import { Bench, SLOT_BYTES, TOKEN, expectDropped } from '../bench.ts';

const AT = 'http://device.test:8080';

interface Description {
  readonly info: Readonly<Record<string, string>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly tags: readonly string[] }>>>>;
  readonly 'x-viperhttp': { readonly generator: string; readonly route_count: number };
}

async function described(options: Partial<DeviceOptions> = {}): Promise<Description> {
  const { device } = new Bench(options);
  const response = await device.handle(new Request(`${AT}/openapi.json`));
  expect([response.status, response.headers.get('Cache-Control')]).to.deep.equal([200, 'no-store']);
  return (await response.json()) as Description;
}

/** Method and path of each route with this tag. */
function tagged({ paths }: Description, tag: string): readonly string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { tags }]) => (tags.includes(tag) ? [`${method} ${path}`] : [])),
  );
}

describe('What a simulated device tells of itself', () => {
  it('names the app and the routes for updates, to anyone', async () => {
    const description = await described({ docs: { title: 'Kitchen', version: '2.1', description: 'Light' } });
    expect(description.info).to.deep.equal({ title: 'Kitchen', version: '2.1', description: 'Light' });
    expect(description['x-viperhttp']).to.deep.equal({ generator: 'viperhttp_autodocs', route_count: 7 });
    expect(tagged(description, 'ota')).to.deep.equal([
      'get /ota/status',
      'post /ota/begin',
      'post /ota/chunk',
      'post /ota/finalize',
      'post /ota/abort',
      'post /ota/upload',
      'post /ota/mark-valid',
    ]);
  });

  it('shows the prefix and the dialect by them, and that there are none', async () => {
    const documented = await described({ dialect: 'documented', prefix: '/api/fw' });
    expect(tagged(documented, 'ota')).to.deep.equal([
      'post /api/fw/begin',
      'post /api/fw/write',
      'post /api/fw/finalize',
    ]);
    expect(tagged(await described({ ota: false }), 'ota')).to.deep.equal([]);
  });

  it('lists the other routes of the app by the first part of their path, and a restart route where there is one', async () => {
    const description = await described({
      rebootRoute: true,
      appRoutes: [
        { method: 'GET', path: '/', answer: {} },
        { method: 'GET', path: '/lamp/{name}', answer: {} },
        { method: 'POST', path: '/lamp/{name}', answer: {} },
      ],
    });
    expect(tagged(description, 'root')).to.deep.equal(['get /']);
    expect(tagged(description, 'lamp')).to.deep.equal(['get /lamp/{name}', 'post /lamp/{name}']);
    expect(tagged(description, 'debug')).to.deep.equal(['post /debug/reboot']);
  });

  it('shows an HTML page with the title', async () => {
    const { device } = new Bench({ docs: { title: 'A & <B>', version: '1', description: '' } });
    const response = await device.handle(new Request(`${AT}/docs`));
    expect(response.headers.get('Content-Type')).to.equal('text/html; charset=utf-8');
    expect(await response.text()).to.include('<title>A &amp; &lt;B></title>');
  });

  it('is missing where its author switched it off, or the method is another one', async () => {
    for (const [options, method] of [
      [{ docs: null }, 'GET'],
      [{}, 'POST'],
    ] as const) {
      const { device } = new Bench(options);
      for (const path of ['/openapi.json', '/docs']) {
        const response = await device.handle(new Request(AT + path, { method }));
        expect([response.status, await response.text()], path).to.deep.equal([200, '']);
      }
    }
  });
});

describe('A simulated device whose app did not turn OTA on', () => {
  it('has none of its routes: every request is answered 200 and does nothing', async () => {
    const bench = new Bench({ ota: false });
    for (const path of ['/begin', '/chunk', '/write', '/finalize', '/mark-valid']) {
      const answer = await bench.post(path, { size: 1, expected_size: 1 });
      expect([answer.status, answer.text], path).to.deep.equal([200, '']);
    }
    expect([bench.device.session, bench.device.restarts]).to.deep.equal([null, 0]);
  });
});

describe('A simulated device with a restart route', () => {
  it('answers first, and restarts a moment later, with or without a token', async () => {
    const bench = new Bench({ rebootRoute: true, awayMs: 10 });
    const response = await bench.device.handle(new Request(`${AT}/debug/reboot`, { method: 'POST' }));
    expect(await response.json()).to.deep.equal({ ok: true, scheduled: true, delay_ms: 150 });
    await expectDropped(bench.ask('/status'));
    expect([bench.device.restarts, bench.clock.now()]).to.deep.equal([1, 150]);
  });

  it('has none where the app has none', async () => {
    const { device } = new Bench();
    await device.handle(new Request(`${AT}/debug/reboot`, { method: 'POST' }));
    expect(device.restarts).to.equal(0);
  });
});

describe('The path of a request to a simulated device', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['/ota/status', true],
    ['/ota/status/', true],
    ['/ota/status//', false],
    ['//ota/status', false],
    ['/OTA/status', false],
    ['/ota/%73tatus', false],
    ['/ota', false],
  ];
  for (const [path, known] of cases) {
    it(`${known ? 'reaches' : 'misses'} the status as ${path}`, async () => {
      const { device } = new Bench();
      const request = new Request(AT + path, { headers: { 'X-OTA-Token': TOKEN } });
      const text = await (await device.handle(request)).text();
      expect(text !== '').to.equal(known);
      if (known) expect(JSON.parse(text)).to.include({ supported: true });
    });
  }
});

describe('The table of a simulated device', () => {
  it('gives each slot its place, its size and its kind', async () => {
    const bench = new Bench({ slots: ['factory', 'ota_0', 'ota_1'] });
    const status = await bench.ask('/status');
    expect(status['running_partition']).to.include({ label: 'factory', subtype: 0, address: 0x10000 });
    expect(status['next_update_partition']).to.include({
      label: 'ota_0',
      subtype: 16,
      address: 0x10000 + SLOT_BYTES,
      size: SLOT_BYTES,
    });
  });
});
