import { expect } from 'chai';
import { checkedAddress, judge, type Asker, type Resolve } from '../../../src/host/gateway/addresses.ts';

const unresolvable: Resolve = () => Promise.reject(new Error('ENOTFOUND'));
const resolvesTo =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(addresses);

/** A phone on the Wi-Fi of a machine that has a container network, too. */
const phone: Asker = {
  local: '192.168.1.10',
  remote: '192.168.1.20',
  own: [
    { on: 'wlan0', address: '192.168.1.10', networkBits: 24, zone: 'wlan0' },
    { on: 'docker0', address: '172.17.0.1', networkBits: 16, zone: 'docker0' },
  ],
};

describe('which addresses the gateway may connect to', () => {
  const allowed = ['10.0.0.1', '172.16.0.1', '172.31.255.254', '192.168.4.1', '169.254.7.7', 'fd00::1', 'fe80::1'];
  for (const address of allowed) {
    it(`takes ${address} for private`, () => expect(judge(address)).to.equal('private'));
  }

  for (const address of ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1']) {
    it(`takes ${address} for this machine`, () => expect(judge(address)).to.equal('loopback'));
  }

  const refused = [
    ...[
      '8.8.8.8',
      '172.15.0.1',
      '172.32.0.1',
      '192.167.1.1',
      '100.64.0.1',
      '0.0.0.0',
      '255.255.255.255',
      '224.0.0.251',
    ],
    ...['2001:db8::1', '2606:4700::1', '::', 'ff02::fb', '::ffff:8.8.8.8', '64:ff9b::a00:1', '2002:0a00:0001::'],
    ...['169.254.169.254', '::ffff:169.254.169.254', 'fd00:ec2::254', 'fe80::1%eth0', 'example.com', ''],
  ];
  for (const address of refused) {
    it(`refuses "${address}"`, () => expect(judge(address)).to.equal('refused'));
  }

  it('judges what a name resolves to, and answers the address it judged', async () => {
    expect(await checkedAddress('esp32.local', phone, resolvesTo('192.168.1.50'))).to.deep.equal({
      kind: 'address',
      address: '192.168.1.50',
    });
    expect(await checkedAddress('esp32.local', phone, resolvesTo('8.8.8.8'))).to.deep.equal({
      kind: 'not-private',
    });
  });

  it('passes over public addresses of a device that has private ones too', async () => {
    const both = resolvesTo('2606:4700::1', 'fd00::5', '192.168.1.50');
    expect(await checkedAddress('esp32.lan', phone, both)).to.deep.equal({ kind: 'address', address: '192.168.1.50' });
  });

  it('allows loopback to a client on this machine only', async () => {
    const name = resolvesTo('127.0.0.1');
    expect(await checkedAddress('localhost', 'here', name)).to.deep.equal({ kind: 'address', address: '127.0.0.1' });
    expect(await checkedAddress('localhost', phone, name)).to.deep.equal({ kind: 'not-on-link' });
    expect(await checkedAddress('::1', phone, name)).to.deep.equal({ kind: 'not-on-link' });
  });

  it('allows a container to a client on this machine only, and never by its name', async () => {
    const never: Resolve = () => Promise.reject(new Error('resolved'));
    expect(await checkedAddress('172.17.0.2', 'here', never)).to.deep.equal({ kind: 'address', address: '172.17.0.2' });
    expect(await checkedAddress('172.17.0.2', phone, never)).to.deep.equal({ kind: 'not-on-link' });
    const name = resolvesTo('172.17.0.2', '192.168.1.10', '127.0.0.1');
    expect(await checkedAddress('esp32.lan', phone, name)).to.deep.equal({ kind: 'not-on-link' });
  });

  it('passes over a device’s addresses on other networks', async () => {
    const name = resolvesTo('172.17.0.2', '192.168.1.50');
    expect(await checkedAddress('esp32.lan', phone, name)).to.deep.equal({ kind: 'address', address: '192.168.1.50' });
  });

  it('says so where there is no such name', async () => {
    expect(await checkedAddress('gone.local', 'here', unresolvable)).to.deep.equal({ kind: 'no-such-name' });
    expect(await checkedAddress('gone.local', 'here', resolvesTo())).to.deep.equal({ kind: 'no-such-name' });
  });

  it('does not resolve what is an address already', async () => {
    const never: Resolve = () => Promise.reject(new Error('resolved'));
    expect(await checkedAddress('10.1.2.3', 'here', never)).to.deep.equal({ kind: 'address', address: '10.1.2.3' });
  });
});
