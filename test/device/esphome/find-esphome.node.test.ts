/** What a host finds at an unknown address, by ESPHome's own ports. */
import { expect } from 'chai';
import { findEsphome } from '../../../src/device/esphome/find-esphome.ts';
import { API_PORT } from '../../../src/device/esphome/native-api.ts';
import { OF_HOST } from '../../../src/device/whole-image/of-host.ts';
import { type EsphomeBuild, esphomeImage } from '../../../src/simulator/esphome/build.ts';
import { pair } from '../../../src/simulator/esphome/connection.ts';
import { SimulatedEsphomeWeb } from '../../../src/simulator/esphome/esphome-web.ts';
import type { EsphomeOptions } from '../../../src/simulator/esphome/options.ts';
import type { FetchLike } from '../../../src/device/request.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';
import { HASHES } from '../../update/whole-image/esphome/esphome-world.ts';
import { limits, target } from '../given.ts';

const HOST = 'http://192.168.1.60';

interface There extends Partial<EsphomeOptions> {
  /** What a web server at another port of the address does: each of these is no ESPHome device. */
  readonly beside?: FetchLike;
  readonly version?: string;
  /** The title of the web page; absent: the name of the device. */
  readonly page?: string;
  /** Which of its ports are open besides its API's; default: both. */
  readonly open?: readonly number[];
}

const nobody: FetchLike = () => Promise.reject(new Error('no HTTP here'));

async function found(
  origin: string,
  { version = '2026.6.4', open = [3232, 80], beside = nobody, page, ...options }: There = {},
) {
  const clock = new FakeClock();
  const build: EsphomeBuild = { version, node: 'kitchen', builtAt: '2026-06-20 10:00:00 +0200' };
  const device = new SimulatedEsphomeWeb(HASHES, { clock, firmware: esphomeImage(build), ...options });
  const paged = page === undefined ? device : new SimulatedEsphomeWeb(HASHES, { clock, friendlyName: page });
  const work = findEsphome(
    { ...target({ origin }), token: '' },
    {
      ...{ clock, onHost: OF_HOST, fetch: beside },
      raw: {
        connect: (_origin, port) => {
          const isApi = port === API_PORT && device.listens('api');
          if (!isApi && !open.includes(port)) return Promise.reject(new Error('closed'));
          const { client, device: end } = pair();
          void (port === 80 ? paged.serveEvents(end) : device.serve(isApi ? 'api' : 'ota', end));
          return Promise.resolve(client);
        },
        announced: () => Promise.resolve(device.announced),
      },
    },
    limits(),
  );
  const answer = await clock.settle(work);
  const { version: told = null } = answer?.identity ?? {};
  return { is: answer === null ? null : `${answer.dialect} ${answer.origin ?? ''}`, device, told };
}

describe('an ESPHome device at an unknown address', () => {
  it('is found by its API, whatever port was typed, and takes updates at its own', async () => {
    for (const typed of [HOST, `${HOST}:8080`]) {
      const { is, device } = await found(typed, { open: [3232] });
      expect(is, typed).to.equal(`esphome ${HOST}:3232`);
      expect(device.connections.ota, 'nobody greets it').to.equal(0);
    }
    expect((await found(`${HOST}:8080`, { platform: 'ESP8266', open: [8266] })).is).to.equal(`esphome ${HOST}:8266`);
  });

  it('is found at the port that was typed, where that is not another product’s', async () => {
    expect((await found(`${HOST}:4000`, { open: [4000] })).is).to.equal(`esphome ${HOST}:4000`);
    expect((await found(`${HOST}:3232`, { open: [3232] })).is).to.equal(`esphome ${HOST}:3232`);
  });

  it('is known by the greeting of its port for updates, where that was typed and nothing else tells', async () => {
    const silent = { api: 'none', announces: false, open: [3232] } as const;
    expect((await found(`${HOST}:3232`, silent)).is).to.equal(`esphome ${HOST}:3232`);
    expect((await found(HOST, silent)).is).to.equal(null);
  });

  it('is updated by its page where nothing listens at its port for updates', async () => {
    expect((await found(HOST)).is).to.equal(`esphome ${HOST}:3232`);
    expect((await found(HOST, { open: [80] })).is).to.equal(`esphome-web ${HOST}`);
    expect((await found(HOST, { api: 'none', announces: false, open: [80] })).is).to.equal(`esphome-web ${HOST}`);
  });

  it('is not probed at its port for updates where it would count that as a failed update', async () => {
    const { is, device } = await found(HOST, { version: '2024.11.0' });
    expect(is).to.equal(`esphome ${HOST}:3232`);
    expect(device.connections.ota).to.equal(0);
  });

  it('is not taken for what another port of its address has, where a web server answers or hangs', async () => {
    const answers: FetchLike = () => Promise.resolve(new Response('', { status: 200 }));
    const timesOut: FetchLike = () => Promise.resolve(new Response('Gateway Timeout', { status: 504 }));
    const hangs: FetchLike = () => new Promise(() => undefined);
    for (const beside of [answers, timesOut, hangs]) {
      for (const typed of [`${HOST}:8080`, `${HOST}:4000`])
        expect((await found(typed, { beside })).is, typed).to.equal(null);
      // By its own port it is still found.
      expect((await found(HOST, { beside })).is).to.equal(`esphome ${HOST}:3232`);
    }
  });

  it('is not described by the API of another device, where its page has another name', async () => {
    expect(await found(HOST)).to.include({ is: `esphome ${HOST}:3232`, told: '2026.6.4' });
    expect(await found(HOST, { page: 'Hall' })).to.include({ is: `esphome-web ${HOST}`, told: null });
  });

  it('is not found where nothing listens', async () => {
    expect((await found(HOST, { api: 'none', announces: false, open: [] })).is).to.equal(null);
  });
});
