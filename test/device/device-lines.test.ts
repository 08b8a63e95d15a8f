import { expect } from 'chai';
import { corsLines, hostLines, setupLines, tokenLines } from '../../src/device/device-lines.ts';
import { asPrepared } from '../../src/simulator/cors.ts';

describe('the lines that a person puts on the device', () => {
  it('list this page and each header by its name', () => {
    expect(corsLines('https://moult.example', null, 'X-OTA-Token')).to.equal(
      [
        'from viperhttp import middleware as mw',
        '',
        'app.add_middleware(',
        '    mw.CORSMiddleware,',
        '    allow_origins=["https://moult.example"],',
        '    allow_methods=["GET", "POST"],',
        '    allow_headers=["Authorization", "Content-Type", "X-OTA-Token"],',
        '    expose_headers=["Retry-After"],',
        '    max_age=600,',
        ')',
      ].join('\n'),
    );
  });

  it('are what a simulated device is set up with', () => {
    const { headers, maxAgeSeconds } = asPrepared('*');
    const python = (names: readonly string[]): string => `[${names.map((name) => `"${name}"`).join(', ')}]`;
    const lines = corsLines('https://moult.example', null, 'X-OTA-Token').split('\n');
    expect(lines).to.include.members([`    allow_headers=${python(headers)},`, `    max_age=${maxAgeSeconds},`]);
  });

  it('list only the header that the dialect reads', () => {
    expect(corsLines('http://a', 'shipped', 'X-Key')).to.include('allow_headers=["Content-Type", "X-Key"]');
    expect(corsLines('http://a', 'documented', 'X-Key')).to.include('allow_headers=["Authorization", "Content-Type"]');
  });

  it('hold the token, and the header it comes in', () => {
    const lines = setupLines('http://a', 'c0ffee', null, 'X-Key');
    expect(lines).to.contain('allow_headers=["Authorization", "Content-Type", "X-Key"]');
    expect(lines).to.contain('ota_token="c0ffee"');
    expect(setupLines('http://a', 'c0ffee', 'documented', 'X-Key')).not.to.contain('X-Key');
  });

  it('turn updates on with the token', () => {
    expect(tokenLines('c0ffee')).to.equal('app.run(..., ota=True, ota_token="c0ffee")');
  });

  it('quote what Python would read otherwise', () => {
    expect(tokenLines('a"b\\c\n')).to.equal('app.run(..., ota=True, ota_token="a\\"b\\\\c\\n")');
  });

  it('list the host with and without its port', () => {
    expect(hostLines('http://esp32.local:8080')).to.match(/allowed_hosts=\["esp32\.local", "esp32\.local:8080"\]\)$/);
    expect(hostLines('http://esp32.local')).to.match(/allowed_hosts=\["esp32\.local"\]\)$/);
  });
});
