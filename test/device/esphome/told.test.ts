import { expect } from 'chai';
import { identityOf } from '../../../src/device/esphome/identity.ts';
import { readDeviceInfo, type ToldByApi } from '../../../src/device/esphome/native-api.ts';
import { toldOfPage } from '../../../src/device/esphome/told.ts';
import { readEvents } from '../../../src/device/esphome/web-events.ts';
import { readWebAnswer } from '../../../src/device/esphome/web-answer.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import { fc } from '../../random.ts';

const API: ToldByApi = {
  ...{ name: 'kitchen', friendlyName: 'Kitchen', version: '2026.6.5', compiledAt: '2026-07-01 09:30:00 +0200' },
  ...{ board: 'esp32dev', mac: 'AA:BB:CC:11:22:33', project: '', projectVersion: '' },
};

describe('what an ESPHome device tells', () => {
  it('is its version, build and name by its API, and its chip and configuration by what it announces', () => {
    const announced = { version: '2026.6.5', config_hash: '1a2b3c4d', platform: 'ESP8266', name: 'kitchen' };
    expect(identityOf(API, announced)).to.include({
      ...{ product: 'ESPHome', name: 'Kitchen', node: 'kitchen', version: '2026.6.5', release: null },
      ...{ build: '2026-07-01 09:30:00 +0200', config: '1a2b3c4d', chip: 'ESP8266', chipId: -1, uptimeMs: null },
    });
  });

  it('is a name without the end of its address, which some builds add', () => {
    expect(identityOf({ ...API, name: 'kitchen-112233' }, null).node).to.equal('kitchen');
    expect(identityOf({ ...API, name: 'kitchen-445566' }, null).node).to.equal('kitchen-445566');
    expect(identityOf(null, { name: 'kitchen-112233', mac: 'aabbcc112233' }).node).to.equal('kitchen');
  });

  it('is the maker’s project as in its files', () => {
    expect(identityOf({ ...API, project: 'acme.plug', projectVersion: '1.2' }, null).release).to.equal('acme.plug 1.2');
  });

  it('has no invisible characters', () => {
    expect(identityOf({ ...API, version: '2026.6\u202e.5\n' }, null).version).to.equal('2026.6 .5');
  });
});

describe('what the API tells beside the page of an ESPHome device', () => {
  const announced = { name: 'kitchen', friendly_name: 'Kitchen', version: '2026.6.5' };

  it('is believed where the page has the name of the device', () => {
    for (const title of ['Kitchen', 'kitchen', ''])
      expect(toldOfPage(title, { api: API, announced }), title).to.deep.equal({ api: API, announced });
    const nameless = { api: { ...API, friendlyName: '' }, announced: { name: 'kitchen-2', version: '2026.6.5' } };
    expect(toldOfPage('kitchen', nameless)).to.deep.equal(nameless);
  });

  it('is of another device where that has another name', () => {
    expect(toldOfPage('Hall', { api: API, announced })).to.deep.equal({ api: null, announced: null });
    expect(toldOfPage('Hall', { api: null, announced: null })).to.deep.equal({ api: null, announced: null });
  });
});

describe('the answer of the native API', () => {
  it('is read field by field, whatever else is in it', () => {
    const text = (field: number, value: string) => [(field << 3) | 2, value.length, ...new TextEncoder().encode(value)];
    const body = Uint8Array.of(0x08, 0, ...text(2, 'kitchen'), ...text(4, '2026.6.5'), 0x38, 1, ...text(5, 'today'));
    expect(readDeviceInfo(body)).to.include({ name: 'kitchen', version: '2026.6.5', compiledAt: 'today', board: '' });
  });

  it('is none where it is cut short, or anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const told = readDeviceInfo(bytes);
        if (told !== null) expect(told.version).to.not.equal('');
      }),
    );
    expect(readDeviceInfo(Uint8Array.of(0x22, 9, 0x32))).to.equal(null);
  });
});

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
const SAYS = '{"title":"Kitchen","comment":"","ota":true,"log":true,"lang":"en"';

describe('the first event of an ESPHome device’s page', () => {
  it('tells its uptime in words of its own, else by its number', () => {
    const event = `retry: 30000\r\nid: 61000\r\nevent: ping\r\ndata: ${SAYS}`;
    const told = (data: string) => readEvents(`${HEAD}2\r\n\r\n\r\n000000ff\r\n${data}\r\n`);
    expect(told(`${event},"uptime":75}`)).to.deep.equal({
      kind: 'told',
      event: { title: 'Kitchen', ota: true, uptimeMs: 75_000 },
    });
    expect(told(`${event}}`)).to.deep.equal({
      kind: 'told',
      event: { title: 'Kitchen', ota: true, uptimeMs: 61_000 },
    });
  });

  it('says nothing of a restart shortly before its number begins anew', () => {
    const answer = readEvents(`${HEAD}id: 4294000000\r\nevent: ping\r\ndata: ${SAYS}}\r\n`);
    expect(answer).to.have.nested.property('event.uptimeMs', null);
  });

  it('is waited for until it is whole', () => {
    expect(readEvents(HEAD)).to.equal(null);
    expect(readEvents(`${HEAD}id: 1\r\nevent: ping\r\n`)).to.equal(null);
  });

  it('is not taken from another server', () => {
    expect(readEvents('HTTP/1.1 401 Unauthorized\r\n')).to.deep.equal({ kind: 'unauthorised' });
    for (const text of ['HTTP/1.1 404 Not Found\r\n', 'SSH-2.0-x\r\n', HEAD.replace('event-stream', 'html')])
      expect(readEvents(text), text).to.deep.equal({ kind: 'other' });
    expect(readEvents(`${HEAD}event: ping\r\ndata: {"title":1}\r\n`)).to.deep.equal({ kind: 'other' });
    expect(readEvents(`${HEAD}event: ping\r\ndata: {{\r\n`)).to.deep.equal({ kind: 'other' });
  });
});

describe('the answer of an ESPHome device’s page to an upload', () => {
  const answer = (text: string, status = 200, html = false) =>
    ({ status, text, html, truncated: false, json: undefined }) as const;
  const codeOf = (text: string, status?: number, html?: boolean): string => {
    try {
      return readWebAnswer(answer(text, status, html)).kind;
    } catch (error) {
      return error instanceof UpdateError ? error.code : 'thrown';
    }
  };

  it('is read by its words, since its status says nothing', () => {
    expect(codeOf('Update Successful!')).to.equal('taken');
    expect(codeOf('Update Failed!')).to.equal('device-fault');
    expect(codeOf('Update Failed: ERROR[9]: Could Not Activate The Firmware')).to.equal('refused');
    expect(codeOf('Update Failed: ERROR[4]: Not Enough Space')).to.equal('too-large');
  });

  it('is no yes in other words, or from another server', () => {
    expect(codeOf('OK')).to.equal('garbled');
    expect(codeOf('<html>Update Successful!</html>', 200, true)).to.equal('web-page');
    expect(codeOf('', 404)).to.equal('no-route');
    expect(codeOf('', 401)).to.equal('unauthorised');
    expect(codeOf('', 500)).to.equal('device-fault');
  });
});
