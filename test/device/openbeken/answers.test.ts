/** What an OpenBeken device answers, and how it is read. */
import { expect } from 'chai';
import { parseAnswer } from '../../../src/device/answer.ts';
import { readInfo, readUpload, saysReboot } from '../../../src/device/openbeken/answers.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';

const json = (text: string, status = 200) => parseAnswer(status, text, false, 'application/json');
const html = (text: string, status = 200) => parseAnswer(status, text, false, 'text/html');

/** As its source composes it. */
function info(more: Readonly<Record<string, string>> = {}, seconds: number | string = 4711): string {
  const said = { build: 'Built on Mar  3 2026 09:12:40 version 1.18.201_4M', ip: '192.168.1.70', chipset: 'ESP32' };
  const parts = Object.entries({ ...said, shortName: 'obk_plug', startcmd: '', ...more });
  return `{"uptime_s":${seconds},${parts.map(([key, value]) => `"${key}":"${value}",`).join('')}"supportsSSDP":0}`;
}

describe('what an OpenBeken device tells', () => {
  it('is its name, its version, the moment of its build, its chip, and for how long it has run', () => {
    expect(readInfo(json(info()))).to.deep.equal({
      ...{ product: 'OpenBeken', name: 'obk_plug', version: '1.18.201_4M', release: null },
      ...{ build: 'Mar 3 2026 09:12:40', chip: 'ESP32', chipId: 0, flashBytes: null, uptimeMs: 4_711_000 },
      ...{ takesUpdates: true, keepsHalf: false },
    });
  });

  it('names each chip as its source does, and none of another maker’s', () => {
    const told = (chipset: string) => readInfo(json(info({ chipset })));
    const ids = { ESP32: 0, ESP32S2: 2, ESP32C3: 5, ESP32S3: 9, ESP32C2: 12, ESP32C6: 13, ESP32C61: 20, ESP32C5: 23 };
    for (const [chipset, chipId] of Object.entries({ ...ids, ESP8266: -1 }))
      expect(told(chipset), chipset).to.include({ chipId, takesUpdates: true });
    // Its name for a chip of Espressif's that it does not know.
    expect(told('Espressif')).to.include({ chip: 'Espressif', chipId: null, takesUpdates: true });
    for (const chipset of ['BK7231T', 'BL602', 'W800', 'LN882H', 'RTL8720D'])
      expect(told(chipset), chipset).to.include({ chip: chipset, chipId: null, takesUpdates: false });
  });

  it('is read where its own names have broken its JSON', () => {
    for (const more of [{ startcmd: 'echo \\d' }, { mqtttopic: 'the "lamp"' }, { shortName: 'a"b' }])
      expect(readInfo(json(info(more)))).to.include({ version: '1.18.201_4M', uptimeMs: 4_711_000 });
  });

  it('is only that it is one, where it asks for a password', () => {
    const asks = (challenge: string) => readInfo({ ...html('', 401), challenge });
    expect(asks('Basic realm="OpenBeken HTTP Server"')).to.include({ product: 'OpenBeken', takesUpdates: null });
    expect(asks('Basic realm="router"')).to.equal(null);
    expect(readInfo(html('', 401))).to.equal(null);
  });

  it('is another device’s where it is anything else', () => {
    const others = [
      json('{}'),
      json(info(), 500),
      html(info()),
      json(info({}, 'soon')),
      json('[1]'),
      html('Not found'),
    ];
    for (const answer of [...others, json(info({ build: '1.2.3' })), json(info({ chipset: '' }))])
      expect(readInfo(answer), answer.text).to.equal(null);
  });
});

describe('what an OpenBeken device says of a request', () => {
  const read = (text: string, status = 200) => {
    try {
      return readUpload(status === 200 && text.startsWith('<') ? html(text) : json(text, status), 60_000).kind;
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
      return error.code;
    }
  };

  it('is a yes to an upload where it counts each of its bytes, and nothing else', () => {
    expect(read('{"size":60000}')).to.equal('taken');
    expect(read('{"size":59999}')).to.equal('garbled');
    expect(read('{"size":"60000"}')).to.equal('garbled');
    expect(read('{"error":400, "msg":"no"}', 400)).to.equal('garbled');
    expect(read('<!DOCTYPE html>POST to api/ota')).to.equal('web-page');
    expect(read('', 401)).to.equal('unauthorised');
  });

  it('is a yes to a restart where it names the seconds until then', () => {
    expect(saysReboot(json('{"reboot":3}'))).to.equal(true);
    for (const answer of [json('{"reboot":3}', 500), json('{}'), html('<!DOCTYPE html>')])
      expect(saysReboot(answer), answer.text).to.equal(false);
  });
});
