import { expect } from 'chai';
import type { RequestRecord } from '../../../src/model/device/request-record.ts';
import { helpReport } from '../../../src/state/update/report.ts';
import type { ReportSurroundings } from '../../../src/words/history/report.ts';
import { GrowingRecord } from '../../../src/state/update/run-record.ts';
import { aDevice } from '../../storage/samples.ts';
import { failed, NOW, writing } from '../given.ts';

const HOST = '192.168.1.50';
const around: ReportSurroundings = {
  version: '1.2.3',
  browser: 'Browser 99',
  page: 'https://moult.example:8443',
  secure: true,
  now: NOW,
};

function run(requests: readonly Partial<RequestRecord>[] = []): GrowingRecord {
  const record = new GrowingRecord({
    id: 'u1',
    device: aDevice({ typed: HOST, origin: `http://${HOST}:8080` }),
    firmware: { sha256: 'ab'.repeat(32), name: 'kitchen.bin', version: '1.4.2', project: 'kitchen', size: 8 },
    startedAt: NOW,
    began: 500,
  });
  record.see(writing, 100);
  for (const of of requests) {
    record.seeRequest({
      ...{ kind: 'write', method: 'POST', path: '/ota/chunk?offset=0', bytes: 4096, startedAt: 700, durationMs: 42 },
      ...{ status: 200, code: null },
      ...of,
    });
  }
  const detail = `No answer came from http://${HOST}:8080.`;
  record.ended = { state: failed({ code: 'no-progress', during: 'writing' }), words: { title: 'Failed', detail } };
  return record;
}

describe('A report for help', () => {
  it('has versions, browser, dialect, outcome and the firmware’s hash', () => {
    const text = helpReport(run(), around, { addresses: false });
    for (const part of ['1.2.3', 'Browser 99', 'shipped', 'Failed (no-progress while writing)', 'ab'.repeat(32)]) {
      expect(text).to.contain(part);
    }
  });

  it('has each request’s kind, size, time and status, among the phases, in order', () => {
    const text = helpReport(run([{}, { startedAt: 900, status: null, code: 'silent', durationMs: 8000 }]), around, {
      addresses: false,
    });
    const lines = text.split('\n').map((line) => line.trim());
    const from = lines.indexOf('0.10  -- writing');
    expect(lines.slice(from + 1, from + 3)).to.deep.equal([
      '0.20  POST write /ota/chunk?offset=0, 4096 bytes, 42 ms, 200',
      '0.40  POST write /ota/chunk?offset=0, 4096 bytes, 8000 ms, no answer, silent',
    ]);
  });

  it('calls a page encrypted that came over https, and no other', () => {
    const pageOf = (page: string, secure: boolean): string =>
      helpReport(run(), { ...around, page, secure }, { addresses: true }).split('\n')[2] ?? '';
    expect(pageOf('https://moult.example', true)).to.match(/ \(encrypted\)$/);
    expect(pageOf('http://localhost:6683', true)).to.match(/ \(not encrypted, but of this computer itself\)$/);
    expect(pageOf('http://192.168.1.2:6683', false)).to.match(/ \(not encrypted\)$/);
  });

  it('names no address anywhere, unless it was ticked', () => {
    const without = helpReport(run(), around, { addresses: false });
    expect(without).not.to.contain(HOST).and.not.to.contain('moult.example');
    expect(without).to.contain('http://[IPv4 address]:8080');
    const withAll = helpReport(run(), around, { addresses: true });
    expect(withAll).to.contain(`http://${HOST}:8080`).and.to.contain('https://moult.example:8443');
  });

  it('names no other address that a device’s words or its name have, in whatever letters', () => {
    const record = run();
    const { ended } = record;
    const detail =
      'Ask KITCHEN.local (192.168.7.9, fe80::1, a4:cf:12:00:ab:cd) at http://192.168.1.50:8080. It is 12:30:45.';
    if (ended !== null) record.ended = { ...ended, words: { ...ended.words, detail } };
    const named = Object.assign(record, { device: { ...record.device, name: 'Hall 10.1.2.3' } });
    const text = helpReport(named, around, { addresses: false });
    expect(text).to.contain(
      'Ask [name].local ([IPv4 address], [IPv6 address], [MAC address]) at http://[IPv4 address]:8080. It is 12:30:45.',
    );
    expect(text).to.contain('Hall [IPv4 address]');
    expect(helpReport(named, around, { addresses: true })).to.contain(detail);
  });

  it('takes out an address and no part of a word, a version or a longer address', () => {
    const from = run();
    const device = aDevice({ name: 'Hall', typed: 'a', origin: 'http://A:8080' });
    const browser = 'Chrome/142.0.0.0';
    const text = helpReport(Object.assign(from, { device }), { ...around, browser }, { addresses: false });
    expect(text).to.contain('report of an update').and.to.contain('http://[name]:8080').and.to.contain(browser);
    const short = { ...device, typed: '10.0.0.1', origin: 'http://10.0.0.1:8080' };
    const longer = { ...around, browser: 'by way of 10.0.0.12 and 10.0.0.1.' };
    const masked = helpReport(Object.assign(from, { device: short }), longer, { addresses: false });
    expect(masked).to.contain('by way of 10.0.0.12 and [IPv4 address].');
  });

  it('says how many requests are no longer remembered', () => {
    const record = run([{}]);
    record.forgotten = 7;
    expect(helpReport(record, around, { addresses: false })).to.contain('7 earlier requests');
  });
});
