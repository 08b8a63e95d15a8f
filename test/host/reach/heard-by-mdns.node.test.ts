import { expect } from 'chai';
import type { Socket } from 'node:dgram';
import { heardByMdns } from '../../../src/host/reach/heard-by-mdns.ts';
import { announce, AnnouncingSocket } from '../announcing-socket.ts';

/** The address that its packets come from (`SilentSocket`). */
const DEVICE = '192.168.1.9';
/** Never reached: a device answers at the first question. */
const HANGS_MS = 60_000;

describe('what an ESPHome device announces', () => {
  const own = announce({
    ...{ name: 'kitchen', type: 'esphomelib', host: 'kitchen.local', port: 6053, addresses: [DEVICE] },
    txt: { version: '2026.6.5', config_hash: '1a2b3c4d', platform: 'ESP32', flag: null },
  });

  it('is heard from its own address, and the socket is closed', async () => {
    const socket = new AnnouncingSocket([own]);
    const options = { limitMs: HANGS_MS, signal: new AbortController().signal, socket: socket as unknown as Socket };
    expect(await heardByMdns(DEVICE, options)).to.deep.equal({
      ...{ name: 'kitchen', port: '6053', version: '2026.6.5', platform: 'ESP32' },
      config_hash: '1a2b3c4d',
    });
    expect(socket.closed).to.equal(true);
  });

  it('counts for nothing where another device says it', async () => {
    const over = new AbortController();
    const socket = new AnnouncingSocket([own]);
    void socket.heard.then(() => over.abort());
    const options = { limitMs: HANGS_MS, signal: over.signal, socket: socket as unknown as Socket };
    expect(await heardByMdns('192.168.1.10', options)).to.equal(null);
    expect(socket.closed).to.equal(true);
  });
});
