import { expect } from 'chai';
import { parseAddress, parsePrefix } from '../../src/device/address.ts';
import { wrongAddressInWords } from '../../src/words/device/address.ts';
import { fc } from '../random.ts';

function read(typed: string): string {
  const parsed = parseAddress(typed);
  return parsed.kind === 'address' ? parsed.origin + parsed.prefix : `wrong: ${wrongAddressInWords(parsed)}`;
}

describe('the path of the update routes on its own', () => {
  it('is read as at the end of an address', () => {
    for (const [typed, prefix] of [
      ['', '/ota'],
      [' ota/ ', '/ota'],
      ['//fw//v2/', '/fw/v2'],
    ] as const) {
      expect(parsePrefix(typed)).to.deep.equal({ kind: 'prefix', prefix });
    }
  });

  for (const typed of ['/ota?x=1', 'my ota', '../..', '/ota#frag', 'http://other/', '/a%2Fb', '\\ota']) {
    it(`is not ${typed}`, () => {
      const read = parsePrefix(typed);
      expect(read.kind === 'prefix' ? '' : wrongAddressInWords(read)).to.contain('can’t be the update path');
    });
  }
});

describe('an address that people type', () => {
  const fine: readonly (readonly [typed: string, read: string])[] = [
    ['192.168.1.50', 'http://192.168.1.50:8080/ota'],
    ['192.168.1.50:8080', 'http://192.168.1.50:8080/ota'],
    ['192.168.1.50:80', 'http://192.168.1.50/ota'],
    ['esp32.local', 'http://esp32.local:8080/ota'],
    ['ESP32.Local.', 'http://esp32.local:8080/ota'],
    ['esp32', 'http://esp32:8080/ota'],
    ['a', 'http://a:8080/ota'],
    ['3d-printer.local', 'http://3d-printer.local:8080/ota'],
    [`${'a'.repeat(63)}.local`, `http://${'a'.repeat(63)}.local:8080/ota`],
    ['my_board-2.lan:1', 'http://my_board-2.lan:1/ota'],
    ['küche.local', 'http://xn--kche-0ra.local:8080/ota'],
    ['localhost:65535', 'http://localhost:65535/ota'],
    ['http://192.168.1.50', 'http://192.168.1.50:8080/ota'],
    ['http://192.168.1.50/', 'http://192.168.1.50:8080/ota'],
    ['http://192.168.1.50:80/', 'http://192.168.1.50/ota'],
    ['https://192.168.1.50', 'https://192.168.1.50:8080/ota'],
    ['https://192.168.1.50:443', 'https://192.168.1.50/ota'],
    ['HTTP://192.168.1.50', 'http://192.168.1.50:8080/ota'],
    ['http://esp32.local:8080/firmware/update/', 'http://esp32.local:8080/firmware/update'],
    ['esp32.local//ota//', 'http://esp32.local:8080/ota'],
    ['esp32.local/.well-known/v1.', 'http://esp32.local:8080/.well-known/v1.'],
    ['http:81', 'http://http:81/ota'],
    ['[fe80::1]', 'http://[fe80::1]:8080/ota'],
    ['[FE80:0::1]:8080', 'http://[fe80::1]:8080/ota'],
    ['http://[fe80::1]:80/x', 'http://[fe80::1]/x'],
    ['  192.168.1.50 \n', 'http://192.168.1.50:8080/ota'],
    ['\u200b192.168.1.50\ufeff', 'http://192.168.1.50:8080/ota'],
  ];
  for (const [typed, expected] of fine) {
    it(`${JSON.stringify(typed)} is ${expected}`, () => expect(read(typed)).to.equal(expected));
  }

  const wrong: readonly (readonly [typed: string, says: RegExp])[] = [
    ['', /Type the device’s address.*192\.168\.1\.50/],
    ['   ', /Type the device’s address/],
    ['192.168.1.50 8080', /no spaces/],
    ['ftp://192.168.1.50', /http or https, not ftp/],
    ['http:192.168.1.50', /Two slashes/],
    ['http:/192.168.1.50', /Two slashes/],
    ['my-http:x', /“x” is not a port/],
    ['http://http://192.168.1.50', /is not a port/],
    ['http://', /missing/],
    [':8080', /missing/],
    ['/ota', /missing/],
    ['user:pass@192.168.1.50', /before the @/],
    ['http://me@esp32.local/', /before the @/],
    ['192.168.1.50/?token=x', /Remove the \?/],
    ['192.168.1.50#x', /Remove the #/],
    ['192.168.1.50\\ota', /backslash/],
    ['192.168.1.50:', /“” is not a port/],
    ['192.168.1.50:0', /“0” is not a port/],
    ['192.168.1.50:65536', /“65536” is not a port.*1 to 65535/],
    ['192.168.1.50:80a', /“80a” is not a port/],
    ['[fe80::1]8080', /brackets/],
    ['[fe80::1]:x', /“x” is not a port/],
    ['x[fe80::1]', /is not a device name/],
    ['fe80::1', /brackets/],
    ['::ffff:192.168.1.50', /brackets/],
    ['192.168.1.50:8080:80', /“8080:80” is not a port/],
    ['esp32.local:8080:80', /“8080:80” is not a port/],
    ['[fe80::1%eth0]', /zone/],
    ['[fe80:::1]', /is not an IPv6 address/],
    ['[]', /is not an IPv6 address/],
    ['192.168.1.500', /“192\.168\.1\.500” is not an IP address/],
    ['192.168.1', /is not an IP address/],
    ['192.168.1.50.1', /is not an IP address/],
    ['192.168.010.1', /is not an IP address/],
    ['192.168.0x1.0x2', /is not an IP address/],
    ['192.168.0.0x1f', /is not an IP address/],
    ['8080', /is not an IP address/],
    ['0.0.0.0', /No device can have/],
    ['255.255.255.255', /No device can have/],
    ['224.0.0.1', /No device can have/],
    ['esp 32.local', /no spaces/],
    ['esp32..local', /is not a device name/],
    ['-esp32.local', /is not a device name/],
    ['esp32!.local', /is not a device name/],
    ['esp!32', /is not a device name/],
    ['<b>', /is not a device name/],
    [`${'a'.repeat(64)}.local`, /is not a device name/],
    [Array(60).fill('abcd').join('.'), /is not a device name/],
    ['192.168.1.50/../x', /can’t be the update path/],
    ['192.168.1.50/%2e', /can’t be the update path/],
    ['192.168.1.50/a<b', /can’t be the update path/],
    ['192.168.1.50/http://x', /can’t be the update path/],
  ];
  for (const [typed, says] of wrong) {
    it(`${JSON.stringify(typed)} gets a message that says what is wrong`, () => {
      const parsed = parseAddress(typed);
      if (parsed.kind === 'address') throw new Error(`taken for ${parsed.origin}${parsed.prefix}`);
      expect(wrongAddressInWords(parsed)).to.match(says).and.to.match(/\.$/);
    });
  }

  it('has a path where more than slashes was typed after the host', () => {
    for (const [typed, hasPath] of [
      ['esp32.local', false],
      ['http://esp32.local//', false],
      ['esp32.local/ota', true],
    ] as const) {
      expect(parseAddress(typed)).to.include({ kind: 'address', hasPath });
    }
  });

  it('takes an address whose name is just short enough', () => {
    const name = [...Array<string>(50).fill('abcd'), 'end'].join('.');
    expect(name.length).to.equal(253);
    expect(read(name)).to.equal(`http://${name}:8080/ota`);
    expect(read(`x${name}`)).to.match(/^wrong/);
  });

  it('never throws, and what it takes it reads the same again', () => {
    const pieces = fc.constantFrom(
      'http',
      'https',
      ':',
      '/',
      '//',
      '[',
      ']',
      '.',
      '@',
      '?',
      '#',
      '%',
      ' ',
      '1',
      '255',
      'a',
      'ß',
      '-',
      '\\',
      '🐍',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (typed) => {
          const parsed = parseAddress(typed);
          if (parsed.kind !== 'address') return wrongAddressInWords(parsed).length > 0;
          const { port, protocol } = new URL(parsed.origin);
          const named = port === '' ? `${parsed.origin}:${protocol === 'https:' ? 443 : 80}` : parsed.origin;
          expect(parseAddress(named + parsed.prefix)).to.deep.equal({ ...parsed, hasPath: true });
          return true;
        },
      ),
    );
  });
});
