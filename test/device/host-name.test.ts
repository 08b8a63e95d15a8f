import { expect } from 'chai';
import {
  isIpAddress,
  isLocalByText,
  isLoopback,
  isPlainLanName,
  isPrivateAddress,
} from '../../src/device/host-name.ts';

const LOOPBACK = ['localhost', 'board.localhost', '[::1]', '127.0.0.1', '127.255.10.200'];
/** First and last address of each range, and one with as few digits as possible. */
const PRIVATE = [
  ...['10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255'],
  ...['169.254.0.1', '169.254.255.255', '100.64.0.0', '100.127.255.255'],
  ...['[fc00::1]', '[fdff::1]', '[fd12:3456:789a::1]', '[fe80::1]', '[febf::1]', '[fe90::1]', '[fea0::1]'],
];
/** The neighbours of those ranges. */
const PUBLIC = [
  ...['9.255.255.255', '11.0.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '191.168.0.1'],
  ...['169.253.255.255', '169.255.0.0', '168.254.0.1', '100.63.255.255', '100.128.0.0', '101.64.0.1', '171.16.0.1'],
  ...['8.8.8.8', '93.184.216.34', '173.20.0.1'],
  ...['[fbff::1]', '[fe00::1]', '[fe7f::1]', '[fec0::1]', '[2001:db8::1]', '[2001:fc00::1]', '[fc::1]', '[fe8::1]'],
];
const LAN_NAMES = [
  ...['esp32', 'my-board', 'board.lan', 'board.home', 'board.home.arpa', 'board.internal', 'board.intranet'],
  ...['board.private', 'board.corp', 'board.localdomain', 'board.fritz.box', 'a.board.lan'],
];
const MDNS_NAMES = ['esp32.local', 'kitchen.sensor.local'];
const PUBLIC_NAMES = [
  ...['example.com', 'lan.example.com', 'board.land', 'board.home.arpa.example', 'boardlan.com', 'fritz.box.com'],
  ...['10.example', '192.168.1.1.example', 'x127.0.0.1', '127.0.0.1.example', 'board.local.example'],
];

interface Known {
  readonly ip: boolean;
  readonly loopback: boolean;
  readonly privateAddress: boolean;
  readonly lanName: boolean;
  readonly local: boolean;
}

const told = (host: string): Known => ({
  ip: isIpAddress(host),
  loopback: isLoopback(host),
  privateAddress: isPrivateAddress(host),
  lanName: isPlainLanName(host),
  local: isLocalByText(host),
});

function everyOneOf(hosts: readonly string[], expected: Partial<Known>): void {
  const whole = { ip: false, loopback: false, privateAddress: false, lanName: false, local: false, ...expected };
  for (const host of hosts) {
    it(host, () => {
      // As the rest of the room passes it: normalised by `URL`.
      if (!host.includes('example') && !host.startsWith('x')) {
        expect(new URL(`http://${host}/`).hostname, 'as URL writes it').to.equal(host);
      }
      expect(told(host)).to.deep.equal(whole);
    });
  }
}

describe('what the text of a host tells', () => {
  describe('this machine: loopback, and nothing else', () => {
    everyOneOf(
      LOOPBACK.filter((host) => !/^[[\d]/.test(host)),
      { loopback: true },
    );
    everyOneOf(
      LOOPBACK.filter((host) => /^[[\d]/.test(host)),
      { loopback: true, ip: true },
    );
  });

  describe('an address inside a network', () => everyOneOf(PRIVATE, { ip: true, privateAddress: true, local: true }));

  describe('an address of the internet, also next to those ranges', () => everyOneOf(PUBLIC, { ip: true }));

  describe('a name that only the router knows', () => everyOneOf(LAN_NAMES, { lanName: true }));

  describe('a name that the device itself answers to (mDNS)', () => everyOneOf(MDNS_NAMES, { local: true }));

  describe('a name of the internet', () => everyOneOf(PUBLIC_NAMES, {}));

  it('takes no name for an address because it begins or ends like one', () => {
    for (const host of ['1.2.3', '1.2.3.4.5', 'a1.2.3.4', '1.2.3.4a', '1000.2.3.4']) {
      expect(isIpAddress(host), host).to.equal(false);
      expect(isPrivateAddress(`10.0.0.1${host}`), host).to.equal(false);
    }
    for (const host of ['1270.0.0.1', '127.0.0', '127.0.0.1.5', 'a127.0.0.1', '127.0.0.1a', '127.1234.0.1']) {
      expect(isLoopback(host), host).to.equal(false);
    }
  });
});
