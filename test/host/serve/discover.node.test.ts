import { expect } from 'chai';
import type { Socket } from 'node:dgram';
import { DIALECTS, type Dialect } from '../../../src/model/device/dialect.ts';
import type { FoundDevice } from '../../../src/model/device/found-device.ts';
import { discover } from '../../../src/host/serve/discover.ts';
import { aFoundDevice } from '../../a-found-device.ts';
import { announce, AnnouncingSocket } from '../announcing-socket.ts';

/** The dialect of that name; null where there is none. */
function dialectOf(name: string): Dialect | null {
  return DIALECTS.find((dialect) => dialect === name) ?? null;
}

/** Never reached: a look in a test ends when everything was said. */
const HANGS_MS = 60_000;

describe('looking for devices', () => {
  async function look(...answers: Buffer[]): Promise<{ found: readonly FoundDevice[]; socket: AnnouncingSocket }> {
    const socket = new AnnouncingSocket(answers);
    const found = await discover({ limitMs: HANGS_MS, heard: socket.heard, socket: socket as unknown as Socket });
    return { found, socket };
  }

  it('asks for each service that devices announce, then lets go of the socket', async () => {
    const { found, socket } = await look();
    expect(found).to.deep.equal([]);
    expect(socket.questions).to.include.members(
      ['viperhttp', 'wled', 'esphomelib', 'arduino', 'http'].map((type) => `_${type}._tcp.local`),
    );
    expect(socket.closed).to.equal(true);
  });

  it('names what it found, what is known best first', async () => {
    const addresses = (last: number): readonly string[] => [`192.168.1.${last}`];
    const { found } = await look(
      announce({ name: 'A printer', type: 'http', port: 80, addresses: addresses(7), host: 'printer.local' }),
      announce({ name: 'A plug', type: 'http', port: 80, addresses: addresses(8), txt: { devicetype: 'tasmota' } }),
      announce({
        ...{ name: 'attic-node', type: 'esphomelib', port: 6053, addresses: addresses(9), host: 'attic.local' },
        txt: { friendly_name: 'Attic', version: '2026.2.2', platform: 'ESP32', board: 'esp32dev', mac: 'a0b1c2d3e4f5' },
      }),
      announce({ name: 'wled-hall', type: 'wled', port: 80, addresses: addresses(10), txt: { mac: 'a0b1c2d3e4f5' } }),
      announce({ name: 'Kitchen', type: 'viperhttp', port: 8080, addresses: addresses(50) }),
    );
    expect(found).to.deep.equal([
      aFoundDevice(),
      aFoundDevice({ name: 'wled-hall', address: 'http://192.168.1.10:80', kind: 'wled', dialect: 'wled' }),
      aFoundDevice({
        ...{ name: 'Attic', address: 'http://192.168.1.9:3232', kind: 'esphome', dialect: dialectOf('esphome') },
        ...{ version: '2026.2.2', chip: 'ESP32', board: 'esp32dev' },
      }),
      aFoundDevice({
        ...{ name: 'A plug', address: 'http://192.168.1.8:80', kind: 'tasmota', dialect: dialectOf('tasmota') },
      }),
      aFoundDevice({ name: 'A printer', address: 'http://192.168.1.7:80', kind: 'web' }),
    ]);
  });

  it('lists a device once that announces itself as several', async () => {
    const of = (last: number) => ({ addresses: [`192.168.1.${last}`], port: 80 });
    const { found } = await look(
      announce({ name: 'web', type: 'http', port: 8080, addresses: ['192.168.1.50'] }),
      announce({ name: 'Kitchen', type: 'viperhttp', port: 8080, addresses: ['192.168.1.50'] }),
      announce({ name: 'wled-hall', type: 'http', ...of(10) }),
      announce({ name: 'wled-hall', type: 'arduino', ...of(10), port: 3232, txt: { board: 'esp32' } }),
      announce({ name: 'wled-hall', type: 'wled', ...of(10) }),
      announce({ name: 'node', type: 'esphomelib', ...of(11), port: 6053, txt: { platform: 'ESP8266' } }),
      announce({ name: 'node', type: 'http', ...of(11) }),
    );
    expect(found.map(({ address, kind }) => [address, kind])).to.deep.equal([
      ['http://192.168.1.50:8080', 'viperhttp'],
      ['http://192.168.1.10:80', 'wled'],
      ['http://192.168.1.11:8266', 'esphome'],
    ]);
  });

  it('names a sketch by its board, at its web server where it has one', async () => {
    const { found } = await look(
      announce({ name: 'a', type: 'arduino', port: 3232, addresses: ['192.168.1.20'], txt: { board: 'esp32' } }),
      announce({ name: 'b', type: 'arduino', port: 8266, addresses: ['192.168.1.21'], txt: { board: 'd1_mini' } }),
      announce({ name: 'b-page', type: 'http', port: 8000, addresses: ['192.168.1.21'] }),
    );
    expect(found).to.deep.equal([
      aFoundDevice({
        ...{ name: 'a', address: 'http://192.168.1.20:3232', kind: 'arduino', board: 'esp32' },
        dialect: dialectOf('espota'),
      }),
      aFoundDevice({ name: 'b-page', address: 'http://192.168.1.21:8000', kind: 'arduino', board: 'd1_mini' }),
    ]);
  });

  it('keeps what a ViperHTTP device serves at another port', async () => {
    const { found } = await look(
      announce({ name: 'Kitchen', type: 'viperhttp', port: 8080, addresses: ['192.168.1.50'] }),
      announce({ name: 'other', type: 'http', port: 80, addresses: ['192.168.1.50'] }),
    );
    expect(found.map(({ kind }) => kind)).to.deep.equal(['viperhttp', 'web']);
  });

  it('hears also what is said of a device later', async () => {
    const device = { name: 'node', type: 'esphomelib', port: 6053, addresses: ['192.168.1.11'] };
    const { found } = await look(announce(device), announce({ ...device, txt: { version: '2026.2.2' } }));
    expect(found.map(({ version }) => version)).to.include('2026.2.2');
  });

  it('offers no address that the gateway would not go to', async () => {
    const addresses = ['8.8.8.8', '127.0.0.1', '169.254.169.254', '0.0.0.0'];
    const { found } = await look(announce({ name: 'x', type: 'http', port: 80, addresses }));
    expect(found).to.deep.equal([]);
  });

  it('takes names for text, without what would disguise them', async () => {
    const { found } = await look(
      announce({ name: '<b>\u202ekitchen\u0007</b>', type: 'viperhttp', port: 8080, addresses: ['10.0.0.9'] }),
    );
    expect(found.map(({ name }) => name)).to.deep.equal(['<b>kitchen</b>']);
  });

  it('takes what is said of a device for text, too, and no more of it than fits a line', async () => {
    const txt = { version: '\u202e1.0\u0007', board: 'b'.repeat(200), platform: ' ', friendly_name: '\u200b' };
    const { found } = await look(
      announce({ name: 'node', type: 'esphomelib', port: 6053, addresses: ['10.0.0.9'], txt }),
    );
    expect(found[0]).to.include({ name: 'node', version: '1.0', board: 'b'.repeat(40), chip: null });
  });

  it('survives what is no DNS', async () => {
    const { found } = await look(Buffer.from('garbage'), Buffer.alloc(0), Buffer.alloc(1_000, 0xff));
    expect(found).to.deep.equal([]);
  });
});
