import { expect } from 'chai';
import {
  identifier,
  parseAnswer,
  retryAfterMs,
  toldText,
  toldValue,
  wholeNumber,
  type RequestKind,
} from '../../src/device/answer.ts';
import { saysNo, saysNoSession } from '../../src/device/refusing-words.ts';
import { errorIn } from '../../src/device/answer-error.ts';
import { readFormAnswer } from '../../src/device/form/answers.ts';
import { readUpload as readLampAnswer } from '../../src/device/wled/pages.ts';
import { TOKEN } from './given.ts';

const NOW = Date.UTC(2026, 0, 1);
const NO_HEADERS = new Headers();

function refusal(status: number, body: string, kind: RequestKind = 'write') {
  return errorIn(parseAnswer(status, body, false, null), kind, [TOKEN], NO_HEADERS, NOW);
}

function detail(text: string): string {
  return JSON.stringify({ detail: text });
}

describe('the code that an answer stands for', () => {
  for (const status of [200, 201, 204, 299]) {
    it(`is none for ${status}`, () => expect(refusal(status, '')).to.equal(null));
  }
  const codes = {
    garbled: [100, 300, 301, 302, 304, 307, 399],
    'bad-request': [400, 402, 406, 410, 418, 422, 451, 499],
    unauthorised: [401],
    forbidden: [403],
    'no-route': [404, 405],
    busy: [408, 425, 429, 503],
    conflict: [409],
    'body-too-large': [413],
    'device-fault': [500, 502, 504, 505, 507, 599],
    unsupported: [501],
  } as const;
  for (const [code, statuses] of Object.entries(codes)) {
    for (const status of statuses) {
      it(`is ${code} for ${status}`, () => {
        const error = refusal(status, '');
        expect(error?.code).to.equal(code);
        expect(error?.status).to.equal(status);
        expect(error?.said).to.equal(null);
        expect(error?.retryAfterMs).to.equal(null);
        expect(error?.cause).to.equal(undefined);
      });
    }
  }

  it('is “no answer” where the gateway says that none came, and not a fault that the device reported', () => {
    const said = { unreachable: 502, 'no-such-name': 502, silent: 504, 'answer-too-large': 502 };
    const codes = Object.entries(said).map(([own, status]) => {
      const headers = new Headers({ 'Moult-Gateway': own });
      const error = errorIn(parseAnswer(status, detail('Nothing came.'), false, null), 'write', [TOKEN], headers, NOW);
      expect(error?.status, own).to.equal(status);
      return error?.code;
    });
    expect(codes).to.deep.equal(['unreachable', 'unreachable', 'silent', 'device-fault']);
  });

  it('tells a trusted-host refusal from other bad requests', () => {
    expect(refusal(400, 'Invalid Host')?.code).to.equal('wrong-host');
    expect(refusal(400, 'Invalid Host\r\n')?.code).to.equal('wrong-host');
    expect(refusal(400, detail('not an Invalid Host'))?.code).to.equal('bad-request');
    expect(refusal(404, 'Invalid Host')?.code).to.equal('no-route');
  });

  it('tells a wrong hash from other conflicts, at the end only', () => {
    expect(refusal(409, detail('sha256 mismatch'), 'finalize')?.code).to.equal('hash-mismatch');
    expect(refusal(400, detail('SHA-256 does not match'), 'finalize')?.code).to.equal('hash-mismatch');
    expect(refusal(422, 'checksum differs', 'finalize')?.code).to.equal('hash-mismatch');
    expect(refusal(409, detail('sha256 mismatch'), 'write')?.code).to.equal('conflict');
    expect(refusal(500, detail('sha256 mismatch'), 'finalize')?.code).to.equal('device-fault');
    expect(refusal(409, detail('written size does not match expected_size'), 'finalize')?.code).to.equal('conflict');
    expect(refusal(409, detail('sha256 not there yet'), 'finalize')?.code).to.equal('conflict');
  });

  it('says at begin that the image is too large', () => {
    const said = detail('expected_size exceeds update partition capacity');
    expect(refusal(400, said, 'begin')?.code).to.equal('too-large');
    expect(refusal(413, '', 'begin')?.code).to.equal('too-large');
    expect(refusal(400, 'image too big', 'begin')?.code).to.equal('too-large');
    expect(refusal(400, 'image would exceed the partition', 'begin')?.code).to.equal('too-large');
    expect(refusal(400, said, 'write')?.code).to.equal('bad-request');
    expect(refusal(409, said, 'begin')?.code).to.equal('conflict');
    expect(refusal(400, detail('bad hash'), 'begin')?.code).to.equal('bad-request');
  });
});

describe('the words of a device', () => {
  it('are the detail of its JSON, else its plain text', () => {
    expect(refusal(409, detail('ota session already active'))?.said).to.equal('ota session already active');
    expect(refusal(503, 'Queue Full')?.said).to.equal('Queue Full');
  });

  it('are none in JSON without one, in an empty body, and in an HTML page', () => {
    for (const body of ['{}', '[]', '"text"', 'null', '{"detail": 4}', '{"detail": ["x"]}', '', '  \n']) {
      expect(refusal(500, body)?.said, body).to.equal(null);
    }
    expect(refusal(500, ' <!DOCTYPE html><h1>Bad Gateway</h1>')?.said).to.equal(null);
    expect(refusal(500, '<html>x')?.said).to.equal(null);
    const byType = parseAnswer(502, '<h1>Bad Gateway</h1>', false, 'text/html; charset=utf-8');
    expect(errorIn(byType, 'write', [TOKEN], NO_HEADERS, NOW)?.said).to.equal(null);
  });

  it('are plain text where its type only mentions HTML', () => {
    const answer = parseAnswer(500, 'flash busy', false, 'text/plain; from="text/html"');
    expect(errorIn(answer, 'write', [TOKEN], NO_HEADERS, NOW)?.said).to.equal('flash busy');
  });

  it('keep HTML as the text it is', () => {
    const markup = '<img src=x onerror=alert(1)> & <b>bold</b>';
    expect(refusal(400, detail(markup))?.said).to.equal(markup);
  });

  it('are cut to 200 characters, never in the middle of one', () => {
    expect(refusal(400, detail('x'.repeat(200)))?.said).to.equal('x'.repeat(200));
    expect(refusal(400, detail('x'.repeat(201)))?.said).to.equal('x'.repeat(200));
    expect(refusal(400, detail(`${'x'.repeat(199)}🐍`))?.said).to.equal('x'.repeat(199));
    expect(refusal(400, detail(`${'x'.repeat(198)}🐍y`))?.said).to.equal(`${'x'.repeat(198)}🐍`);
  });

  it('hold no control characters and no marks that turn the text around', () => {
    expect(refusal(400, detail('a\u0000b\r\n\tc\u001b[31md\u009b'))?.said).to.equal('a b c [31md');
    expect(refusal(400, detail('exe\u202egpj\u2066.\u200ex'))?.said).to.equal('exe gpj . x');
  });

  it('never repeat the token, not even a part of it at the cut', () => {
    expect(refusal(401, detail(`no such token: ${TOKEN}.`))?.said).to.equal('no such token: •••.');
    const both = parseAnswer(401, detail(`${TOKEN} and pass:word`), false, null);
    expect(errorIn(both, 'write', [TOKEN, 'pass:word', ''], NO_HEADERS, NOW)?.said).to.equal('••• and •••');
    const cut = refusal(401, detail(`${'x'.repeat(190)}${TOKEN}`))?.said;
    expect(cut).to.equal(`${'x'.repeat(190)}•••`);
  });

  it('never repeat a part of it at the cut of a page either', () => {
    const before = `Magic byte error ${'x'.repeat(173)}`;
    const said = { kind: 'refused', said: `${before}•••` };
    const form = parseAnswer(200, before + TOKEN, false, null);
    expect(readFormAnswer(form, [TOKEN])).to.deep.equal(said);
    const lamp = parseAnswer(500, `<h2>Update failed!</h2>${before}${TOKEN}</h2>`, false, 'text/html');
    expect(readLampAnswer(lamp, [TOKEN])).to.deep.equal(said);
  });
});

describe('the name that a device gives to something', () => {
  const named = (json: string): string | null => identifier(JSON.parse(json));

  it('is its text or its number', () => {
    for (const [json, name] of [
      ['"abc"', 'abc'],
      ['0', '0'],
      ['1.5', '1.5'],
    ] as const) {
      expect(named(json)).to.equal(name);
    }
  });

  it('is nothing else, and no number beyond what can be held', () => {
    for (const json of ['""', 'null', 'true', '["abc"]', '{}', '1e999']) expect(named(json), json).to.equal(null);
  });
});

describe('what a device tells of itself', () => {
  it('is a text of 100 characters at most, in one line', () => {
    expect(toldText(' 16.0.1\n\u202eA ')).to.equal('16.0.1 A');
    expect(toldText('n'.repeat(101))).to.equal('n'.repeat(100));
  });

  it('is nothing where there is nothing to see', () => {
    for (const none of [undefined, null, '', ' \n', '\u202e', {}, []]) {
      expect(toldText(none)).to.equal(null);
      expect(toldValue(none)).to.equal(null);
    }
  });

  it('is a number only of those that tell numbers', () => {
    expect(toldText(2605010)).to.equal(null);
    expect(toldValue(2605010)).to.equal('2605010');
    expect(toldValue('16.0.1')).to.equal('16.0.1');
  });
});

describe('a count or a size that a device tells', () => {
  it('is a whole number from 0', () => {
    for (const number of [0, 1, Number.MAX_SAFE_INTEGER]) expect(wholeNumber(number)).to.equal(number);
  });

  it('is nothing else', () => {
    for (const other of [-1, 0.5, NaN, Infinity, 2 ** 53, '1', null, undefined]) {
      expect(wholeNumber(other)).to.equal(null);
    }
  });
});

describe('when to come back', () => {
  function after(headers: Record<string, string>): number | null {
    return retryAfterMs(new Headers(headers), NOW);
  }

  it('is told in seconds', () => {
    expect(after({ 'Retry-After': '3' })).to.equal(3000);
    expect(after({ 'Retry-After': ' 0 ' })).to.equal(0);
    expect(after({ 'Retry-After': '120' })).to.equal(120_000);
  });

  it('is told as a date, compared with the device’s own clock where it shows that', () => {
    const date = new Date(NOW + 90_000).toUTCString();
    expect(after({ 'Retry-After': date })).to.equal(90_000);
    expect(after({ 'Retry-After': date, Date: new Date(NOW + 60_000).toUTCString() })).to.equal(30_000);
    expect(after({ 'Retry-After': new Date(NOW - 5000).toUTCString() })).to.equal(0);
  });

  it('is not known from anything else', () => {
    for (const value of ['', 'soon', '-3', '1.5'])
      expect(after({ 'Retry-After': value }), value).to.satisfy(isNothingOrNow);
    expect(after({})).to.equal(null);
  });

  it('comes with the error', () => {
    const answer = parseAnswer(429, 'Too Many Requests', false, null);
    const error = errorIn(answer, 'write', [TOKEN], new Headers({ 'Retry-After': '2' }), NOW);
    expect(error?.retryAfterMs).to.equal(2000);
  });
});

/** JavaScript engines read "-3" and "1.5" as some date long ago, or as none. */
function isNothingOrNow(ms: number | null): boolean {
  return ms === null || ms === 0;
}

describe('a refusal as an HTML page', () => {
  const PAGE = '<!doctype html><title>Sign in</title>';
  for (const status of [400, 401, 403, 404, 405, 451, 511]) {
    it(`is another server’s, with ${status}`, () => {
      expect(refusal(status, PAGE)?.byOtherServer).to.equal(true);
      expect(refusal(status, detail('no'))?.byOtherServer).to.equal(false);
      expect(refusal(status, 'no')?.byOtherServer).to.equal(false);
    });
  }
  for (const status of [408, 409, 413, 425, 429, 500, 502, 503, 504]) {
    it(`may be of what stands before the device, with ${status}`, () =>
      expect(refusal(status, PAGE)?.byOtherServer).to.equal(false));
  }
});

describe('words of a device without a session', () => {
  for (const said of [
    'ota session is not active',
    'no session',
    'Session timed out',
    'session timeout',
    'SESSION EXPIRED',
    'invalid session',
    'session ended',
    'ota not started',
    'OTA is not active',
    'no upload in progress',
    'No active update',
  ]) {
    it(`are “${said}”`, () => expect(saysNoSession(said)).to.equal(true));
  }
  for (const said of [
    'ota session already active',
    'written size does not match session size',
    'session is not yours',
    'session runtime error',
    'offset does not match',
    'Not Found',
    'update too large',
    '',
  ]) {
    it(`are not “${said}”`, () => expect(saysNoSession(said)).to.equal(false));
  }
});

describe('a 200 that says no', () => {
  const says = (body: string): boolean => saysNo(parseAnswer(200, body, false, null));
  for (const body of [
    '{"ok": false}',
    '{"success": false}',
    '{"status": "error"}',
    '{"status": "failed"}',
    '{"error": "flash busy"}',
    '{"error": true}',
    'ERROR: sha256 mismatch',
    'SHA256 mismatch',
    'Rejected: the hash does not match',
    '{"ok": "false"}',
    '{"success": 0}',
    '{"status": "rejected"}',
    '{"result": "mismatch"}',
    '{"message": "sha256 does not match, wrong image"}',
    '{"detail": "wrong digest"}',
    '{"ok": " No\\n"}',
    '{"status": " failed"}',
    // A server that writes every answer as JSON puts its words in quotes.
    '"ERROR: flash busy"',
    '"sha256 mismatch"',
  ]) {
    it(`is ${body}`, () => expect(says(body)).to.equal(true));
  }
  for (const body of [
    '',
    'ok',
    '{}',
    '[]',
    '{"ok": true, "error": null}',
    '{"status": "ok", "error": ""}',
    '{"error": false}',
    '{"error": 0}',
    '"ready"',
    'sha256 verified, no mismatch',
    'sha256 verified without any mismatch',
    '{"ok": "true", "success": "done: 10"}',
    '{"ok": "nothing to say", "success": "0x10"}',
    '{"ok": 1, "message": "the hash does not differ"}',
    '{"hash_mismatch": false, "status": "valid"}',
    '{"result": 0}',
  ]) {
    it(`is not ${body === '' ? 'an empty body' : body}`, () => expect(says(body)).to.equal(false));
  }
});
