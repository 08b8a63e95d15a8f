import { expect } from 'chai';
import ipaddr from 'ipaddr.js';
import { onLink, systemAddresses, type OwnAddress } from '../../../src/host/gateway/on-link.ts';
import { fc } from '../../random.ts';

const own = (on: string, address: string, networkBits: number): OwnAddress => ({ on, address, networkBits, zone: on });

/** A laptop at home: Wi-Fi, containers, and a VPN with one address of its own. */
const LAPTOP: readonly OwnAddress[] = [
  own('lo', '127.0.0.1', 8),
  own('lo', '::1', 128),
  own('wlan0', '192.168.77.10', 24),
  own('wlan0', 'fd77::10', 64),
  own('wlan0', 'fe80::10', 64),
  own('docker0', '172.17.0.1', 16),
  own('docker0', 'fe80::17', 64),
  own('tun0', '10.8.0.2', 32),
];
const PHONE = { local: '192.168.77.10', remote: '192.168.77.20' };
const CONTAINER = { local: '172.17.0.1', remote: '172.17.0.2' };

describe('What a client on the LAN reaches through the gateway', () => {
  for (const [address, where] of [
    ['192.168.77.50', '192.168.77.50'],
    ['::ffff:192.168.77.50', '192.168.77.50'],
    ['fd77::50', 'fd77::50'],
    ['fe80::50', 'fe80::50%wlan0'],
  ] as const)
    it(`is ${address}, on its own network`, () => expect(onLink(address, PHONE, LAPTOP)).to.equal(where));

  for (const [address, whose] of [
    ['172.17.0.2', 'a container'],
    ['10.8.0.1', 'in the VPN'],
    ['192.168.1.1', 'on a network that this machine is not on'],
    ['fd78::50', 'on another network of IPv6'],
    ['192.168.77.10', 'this machine, at the address that was called'],
    ['::ffff:192.168.77.10', 'this machine, as an IPv4-mapped address'],
    ['172.17.0.1', 'this machine by another network'],
    ['10.8.0.2', 'this machine in the VPN'],
    ['fd77::10', 'this machine by IPv6'],
    ['fd77:0:0:0::10', 'the same, written otherwise'],
    ['fe80::10', 'this machine, link-local'],
    ['fe80::17', 'this machine, link-local elsewhere'],
    ['127.0.0.1', 'loopback'],
    ['::1', 'loopback by IPv6'],
    ['esp32.local', 'no address'],
  ] as const)
    it(`is not ${address}: ${whose}`, () => expect(onLink(address, PHONE, LAPTOP)).to.equal(null));

  it('is for a container its own network as well', () => {
    expect(onLink('172.17.0.3', CONTAINER, LAPTOP)).to.equal('172.17.0.3');
    expect(onLink('192.168.77.50', CONTAINER, LAPTOP)).to.equal(null);
  });

  it('is nothing for one that calls an address of another network of this machine', () => {
    // Packets for 172.17.0.1 are taken at the Wi-Fi, too.
    const inDisguise = { local: '172.17.0.1', remote: '192.168.77.66' };
    for (const address of ['172.17.0.2', '192.168.77.50']) expect(onLink(address, inDisguise, LAPTOP)).to.equal(null);
  });

  it('is nothing for one that comes from behind a router', () => {
    expect(onLink('192.168.77.50', { local: '192.168.77.10', remote: '192.168.78.20' }, LAPTOP)).to.equal(null);
  });

  it('is found for addresses as a socket of both kinds tells them', () => {
    const mapped = { local: '::ffff:192.168.77.10', remote: '::ffff:192.168.77.20' };
    expect(onLink('192.168.77.50', mapped, LAPTOP)).to.equal('192.168.77.50');
    const linkLocal = { local: 'fe80::10%wlan0', remote: 'fe80::20%wlan0' };
    expect(onLink('fe80::50', linkLocal, LAPTOP)).to.equal('fe80::50%wlan0');
  });

  it('is nothing in a narrower network of this machine, where packets would go', () => {
    const wide = [own('wlan0', '172.16.0.10', 12), own('docker0', '172.17.0.1', 16)];
    const phone = { local: '172.16.0.10', remote: '172.16.0.20' };
    expect(onLink('172.18.0.5', phone, wide)).to.equal('172.18.0.5');
    expect(onLink('172.17.0.5', phone, wide)).to.equal(null);
  });

  it('is one network that this machine is on twice', () => {
    const both = [own('eth0', '192.168.1.5', 24), own('wlan0', '192.168.1.6', 24)];
    expect(onLink('192.168.1.50', { local: '192.168.1.6', remote: '192.168.1.20' }, both)).to.equal('192.168.1.50');
    expect(onLink('192.168.1.5', { local: '192.168.1.6', remote: '192.168.1.20' }, both)).to.equal(null);
  });

  it('is nothing where the address that was called is gone', () => {
    expect(onLink('192.168.77.50', PHONE, [])).to.equal(null);
  });

  describe('whatever the networks', () => {
    const v4 = fc.integer({ min: 0, max: 0xffff }).map((low) => `10.0.${low >> 8}.${low & 0xff}`);
    const v6 = fc
      .integer({ min: 0, max: 0xffff })
      .map((low) => `fd00::${(low >> 8).toString(16)}:${(low & 0xff).toString(16)}`);
    const address = fc.oneof(v4, v6);
    const networks = fc.array(
      fc
        .record({ on: fc.constantFrom('a', 'b', 'c'), address, share: fc.integer({ min: 0, max: 20 }) })
        .map(({ on, address: at, share }) => own(on, at, at.includes(':') ? 128 - share : 32 - share)),
      { minLength: 1, maxLength: 6 },
    );
    const whole = fc.record({ networks, pick: fc.nat(), remote: address, target: address });
    const called = (from: readonly OwnAddress[], pick: number): OwnAddress =>
      from[pick % from.length] ?? own('', '', 0);

    it('is never this machine', () =>
      fc.assert(
        fc.property(whole, fc.nat(), (all, other) => {
          const { address: local } = called(all.networks, all.pick);
          const target = called(all.networks, other).address;
          expect(onLink(target, { local, remote: all.remote }, all.networks)).to.equal(null);
        }),
      ));

    it('is within a network of an interface that has the address that was called, and the client is, too', () =>
      fc.assert(
        fc.property(whole, (all) => {
          const { address: local } = called(all.networks, all.pick);
          const found = onLink(all.target, { local, remote: all.remote }, all.networks);
          fc.pre(found !== null);
          const on = all.networks.filter((each) => each.address === local).map((each) => each.on);
          for (const end of [all.target, all.remote]) {
            const ip = ipaddr.parse(end);
            const holds = all.networks.some((each) => {
              const network = ipaddr.parse(each.address);
              return on.includes(each.on) && network.kind() === ip.kind() && ip.match([network, each.networkBits]);
            });
            expect(holds, end).to.equal(true);
          }
          expect(found).to.equal(ipaddr.parse(all.target).toString());
        }),
      ));

    it('does not depend on how an address is written', () =>
      fc.assert(
        fc.property(whole, (all) => {
          const { address: local } = called(all.networks, all.pick);
          const mapped = (text: string): string =>
            text.includes(':') ? ipaddr.parse(text).toNormalizedString() : `::ffff:${text}`;
          const ends = { local, remote: all.remote };
          const written = { local: mapped(local), remote: mapped(all.remote) };
          expect(onLink(mapped(all.target), written, all.networks)).to.equal(onLink(all.target, ends, all.networks));
        }),
      ));
  });
});

describe('The addresses of this machine', () => {
  it('are told with their networks, loopback among them', () => {
    const all = systemAddresses();
    expect(all.find((each) => each.address === '127.0.0.1')).to.include({ networkBits: 8 });
    for (const { address, networkBits } of all) {
      expect(networkBits).to.be.within(0, ipaddr.parse(address).kind() === 'ipv4' ? 32 : 128);
    }
  });
});
