import { expect } from 'chai';
import { countsBytes, DocumentedLink } from '../../../src/device/viperhttp/documented.ts';
import { parseAnswer } from '../../../src/device/answer.ts';
import type { RequestRecord } from '../../../src/model/device/request-record.ts';
import { answering, errorOf, limits, target, TOKEN } from '../given.ts';
import { ManualClock } from '../manual-clock.ts';

const SHA256 = 'ab'.repeat(32);

function linkTo(tellsStatus: boolean, ...answers: readonly (Response | Error)[]) {
  return linkBeside(null, tellsStatus, ...answers);
}

/** @param control the answer to a POST to any path; null: it is refused */
function linkBeside(control: string | null, tellsStatus: boolean, ...answers: readonly (Response | Error)[]) {
  const { fetch, seen } = answering(...answers);
  const records: RequestRecord[] = [];
  const link = new DocumentedLink(
    target(),
    { fetch, clock: new ManualClock(), observe: (record) => void records.push(record) },
    {
      tellsStatus,
      certain: true,
      control: control === null ? null : { answer: parseAnswer(200, control, false, null), echoes: false },
    },
  );
  return { link, seen, records };
}

/** A server that sends back what it is sent, with more around it: no two of its answers are the same. */
function linkToEcho(tellsStatus: boolean, ...answers: readonly (Response | Error)[]) {
  const { fetch } = answering(...answers);
  const answer = parseAnswer(200, '{"received": true}', false, null);
  const seen = { tellsStatus, certain: true, control: { answer, echoes: true } };
  return new DocumentedLink(target(), { fetch, clock: new ManualClock() }, seen);
}

describe('what goes over the wire to a documented device', () => {
  it('is exactly what the documentation says', async () => {
    const { link, seen, records } = linkTo(
      false,
      Response.json({ active: false }),
      Response.json({ session_id: 1 }),
      new Response('ok'),
      new Response('ok'),
    );
    await link.status(limits());
    await link.begin({ size: 1500000 }, limits());
    await link.write(new TextEncoder().encode('firmware'), 4096, limits());
    await link.finalize({ sha256: SHA256 }, limits());
    const token = { authorization: `Bearer ${TOKEN}` };
    const json = { ...token, 'content-type': 'application/json' };
    const sent = seen.map(async ({ url, init }) => [
      `${init.method} ${url}`,
      Object.fromEntries(init.headers),
      init.body === undefined ? null : await new Response(init.body).text(),
    ]);
    expect(await Promise.all(sent)).to.deep.equal([
      ['GET http://192.168.1.50:8080/ota/status', token, null],
      ['POST http://192.168.1.50:8080/ota/begin', json, '{"size":1500000}'],
      ['POST http://192.168.1.50:8080/ota/write', { ...token, 'content-type': 'application/octet-stream' }, 'firmware'],
      ['POST http://192.168.1.50:8080/ota/finalize', json, `{"sha256":"${SHA256}"}`],
    ]);
    expect(records.map(({ kind }) => kind)).to.deep.equal(['status', 'begin', 'write', 'finalize']);
  });

  it('is nothing for what is not documented', async () => {
    const { link, seen } = linkTo(false);
    expect(await link.abort(limits())).to.deep.equal({ idle: null });
    expect((await errorOf(link.markValid())).code).to.equal('unsupported');
    expect(seen).to.deep.equal([]);
  });
});

describe('the answers of a documented device', () => {
  it('name the session in any of the usual ways, or not at all', async () => {
    const answers: readonly (readonly [body: string, id: string | null])[] = [
      ['ok', null],
      ['17', null],
      ['[]', null],
      ['{}', null],
      ['{"session_id": "abc"}', 'abc'],
      ['{"session_id": 7}', '7'],
      ['{"session": "abc"}', 'abc'],
      ['{"session": 7}', '7'],
      ['{"session": {"id": 7}}', '7'],
      ['{"id": "abc"}', 'abc'],
      ['{"session_id": "", "id": 0}', '0'],
      ['{"session_id": {}, "session": true}', null],
      ['{"status": "ok", "seq": 4}', null],
    ];
    for (const [body, id] of answers) {
      const { link } = linkTo(false, new Response(body));
      const { session } = await link.begin({ size: 1 }, limits());
      expect(session.id, body).to.equal(id);
      expect(session.writtenBytes).to.equal(null);
    }
  });

  it('count bytes under several names; anything else is no count', async () => {
    const answers: readonly (readonly [body: string, written: number | null])[] = [
      ['8192', null],
      ['{"written": 8192}', 8192],
      ['{"bytes_written": 8192}', 8192],
      ['{"written_bytes": 8192}', 8192],
      ['{"session": {"id": 1, "written_bytes": 8192}}', 8192],
      ['{"bytes_written": "8192", "written": 8192}', 8192],
      ['{"seq": 2}', null],
      ['{"seq": 2, "written": 8192}', 8192],
      ['{"written": "8192"}', null],
      ['{"written": -1}', null],
      ['{"written": 0.5}', null],
      ['{"written": true}', null],
    ];
    for (const [body, written] of answers) {
      const { link } = linkTo(false, new Response(body));
      const { writtenBytes } = await link.write(new Uint8Array(4096), 4096, limits());
      expect(writtenBytes, body).to.equal(written);
    }
  });

  it('are not taken for the total where they count one request', async () => {
    const { link } = linkTo(false, Response.json({ written: 4096 }), Response.json({ written: 4096 }));
    const chunk = new Uint8Array(4096);
    expect((await link.write(chunk, 0, limits())).writtenBytes).to.equal(4096);
    expect((await link.write(chunk, 4096, limits())).writtenBytes).to.equal(null);
  });

  it('tell of an open session, or that none is open', async () => {
    const open: readonly (readonly [body: string, session: [string | null, number | null] | null])[] = [
      ['{"active": true, "session_id": "4", "written": 10}', ['4', 10]],
      ['{"active": true}', [null, null]],
      ['{"session_id": "4"}', ['4', null]],
      ['{"written": 0}', [null, 0]],
      ['{"session": {"id": 4, "bytes_written": 10}}', ['4', 10]],
      ['{"active": false, "written": 10}', null],
      ['{"session": null}', null],
      ['{"session_id": null, "written": 0}', null],
    ];
    for (const [body, expected] of open) {
      const { link } = linkTo(true, new Response(body));
      const status = await link.status(limits());
      const session = status.session === null ? null : [status.session.id, status.session.writtenBytes];
      expect(session, body).to.deep.equal(expected);
      expect(status).to.include({ supported: null, running: null, boot: null, next: null, lastTaken: null });
    }
  });

  it('tell the size of the image where they have it, so that another client’s session is not taken for ours', async () => {
    for (const [body, size] of [
      ['{"written": 0, "size": 5}', 5],
      ['{"session": {"id": 4, "written": 0, "expected_size": 5}}', 5],
      ['{"written": 0, "size": "5"}', null],
      ['{"written": 0}', null],
    ] as const) {
      const { link } = linkTo(true, new Response(body));
      expect((await link.status(limits())).session, body).to.include({ expectedSize: size });
    }
  });

  it('do not say that no session is open where they are empty, cut short, or mention none at all', async () => {
    for (const body of ['', '{"written": 40', '[]', 'ok', '{}', '{"status": "idle"}', '{"ok": true}']) {
      const { link } = linkTo(true, new Response(body));
      expect(await errorOf(link.status(limits())), body).to.include({ code: 'garbled', status: 200 });
    }
  });

  it('say after a cancel whether the session is still open, where there is a status', async () => {
    const { link } = linkTo(true, Response.json({ active: true }), Response.json({ active: false }));
    expect(await link.abort(limits())).to.deep.equal({ idle: false });
    expect(await link.abort(limits())).to.deep.equal({ idle: true });
  });

  it('are refused where they are a page of some other server, or endless', async () => {
    const pages = [
      [() => new Response('<!doctype html><title>Router login</title>'), 'web-page'],
      [() => new Response('<h1>Hello</h1>', { headers: { 'Content-Type': 'text/html' } }), 'web-page'],
      [() => new Response('x'.repeat(10 * 1024 * 1024)), 'garbled'],
    ] as const;
    for (const [page, code] of pages) {
      const { link } = linkTo(true, page(), page(), page(), page());
      expect((await errorOf(link.status(limits()))).code).to.equal(code);
      expect((await errorOf(link.begin({ size: 1 }, limits()))).code).to.equal(code);
      expect((await errorOf(link.write(new Uint8Array(1), 0, limits()))).code).to.equal(code);
      expect((await errorOf(link.finalize({ sha256: SHA256 }, limits()))).code).to.equal(code);
    }
  });

  it('tell a session that holds other bytes apart from one that is gone, unless the device can be asked', async () => {
    const no = (detail: string) => Response.json({ detail }, { status: 409 });
    for (const [said, tellsStatus, code] of [
      ['written size does not match size', false, 'session-spoilt'],
      ['expected 10 bytes, got 12', false, 'session-spoilt'],
      ['one byte too many', false, 'session-spoilt'],
      ['written size unknown', false, 'conflict'],
      ['offset does not match', false, 'conflict'],
      ['written size does not match session size', false, 'conflict'],
      ['ota session is not active', false, 'session-lost'],
      ['ota session is not active', true, 'conflict'],
      ['session has no bytes', false, 'session-lost'],
      ['Conflict', false, 'conflict'],
      ['written size does not match size', true, 'conflict'],
    ] as const) {
      const { link } = linkTo(tellsStatus, no(said));
      const error = await errorOf(link.finalize({ sha256: SHA256 }, limits()));
      expect(error, said).to.include({ code, status: 409, said });
    }
  });

  it('say with any status that there is no session: it is lost, or asked for where the device can be asked', async () => {
    for (const [status, detail, tellsStatus, code] of [
      [409, 'ota session is not active', false, 'session-lost'],
      [400, 'no session', false, 'session-lost'],
      [404, 'Session timed out', false, 'session-lost'],
      [404, 'unknown session', true, 'conflict'],
      [409, 'ota session already active', false, 'conflict'],
      [404, 'not found', false, 'no-route'],
      [401, 'no session', false, 'unauthorised'],
    ] as const) {
      const { link } = linkTo(tellsStatus, Response.json({ detail }, { status }));
      const error = await errorOf(link.write(new Uint8Array(1), 0, limits()));
      expect(error, detail).to.include({ code, status, said: detail });
    }
  });

  it('tell of a chunk that was taken twice by refusing the last one', async () => {
    const no = () => Response.json({ detail: 'chunk exceeds size' }, { status: 400 });
    const write = ({ link }: ReturnType<typeof linkTo>) => errorOf(link.write(new Uint8Array(1), 0, limits()));
    expect(await write(linkTo(false, no()))).to.include({ code: 'session-spoilt', status: 400 });
    expect(await write(linkTo(true, no()))).to.include({ code: 'bad-request' });
  });

  it('are believed when they say no in a 200, in whatever shape, except for the last error in a status', async () => {
    const { link } = linkTo(
      true,
      new Response('ERROR: sha256 mismatch'),
      Response.json({ success: false }),
      Response.json({ active: false, error: 'session timed out' }),
    );
    expect(await errorOf(link.finalize({ sha256: SHA256 }, limits()))).to.include({ code: 'hash-mismatch' });
    expect(await errorOf(link.write(new Uint8Array(1), 0, limits()))).to.include({ code: 'device-fault' });
    expect((await link.status(limits())).session).to.equal(null);
  });

  it('are believed when they say no in a 200', async () => {
    const no = (detail: string) => Response.json({ ok: false, detail });
    const { link } = linkTo(false, no('flash busy'), no('sha256 mismatch'), no('flash busy'), no('sha256 mismatch'));
    const written = await errorOf(link.write(new Uint8Array(1), 0, limits()));
    expect([written.code, written.said, written.status]).to.deep.equal(['device-fault', 'flash busy', 200]);
    expect((await errorOf(link.finalize({ sha256: SHA256 }, limits()))).code).to.equal('hash-mismatch');
    expect((await errorOf(link.finalize({ sha256: SHA256 }, limits()))).code).to.equal('device-fault');
    expect((await errorOf(link.write(new Uint8Array(1), 0, limits()))).code).to.equal('device-fault');
  });
});

describe('a status that tells where an upload is', () => {
  const cases: readonly (readonly [body: string, tells: boolean])[] = [
    ['{"written": 0}', true],
    ['{"session": {"bytes_written": 9}}', true],
    ['{"active": false}', true],
    ['{"session": null}', true],
    ['{"session_id": null}', true],
    ['{"active": true}', false],
    ['{"seq": 3}', false],
    ['{"status": "ok"}', false],
    ['[]', false],
    ['ok', false],
    ['', false],
  ];
  for (const [body, tells] of cases) {
    it(`${tells ? 'is' : 'is not'} ${body === '' ? 'an empty body' : body}`, () => {
      expect(countsBytes(parseAnswer(200, body, false, null))).to.equal(tells);
    });
  }
});

describe('an answer that any path would get', () => {
  const sent = { size: 7 };
  const hollow: readonly (readonly [name: string, control: string | null, answer: string])[] = [
    ['nothing', null, ''],
    ['nothing, as everywhere', '', ''],
    ['white space', null, ' \r\n'],
    ['the words of every other path', 'ok', 'ok\n'],
    ['the words of every other path, which end a line there', 'ok\n', 'ok'],
    ['the JSON of every other path', '{"ok": true}', '{"ok": true}'],
    ['what was sent', null, JSON.stringify(sent)],
    ['what was sent, and the end of a line', null, `${JSON.stringify(sent)}\r\n`],
  ];
  for (const [name, control, answer] of hollow) {
    it(`opens no session: ${name}`, async () => {
      const { link } = linkBeside(control, false, new Response(answer));
      expect(await errorOf(link.begin(sent, limits()))).to.include({ code: 'no-route', status: 200 });
    });
  }

  it('has taken no chunk', async () => {
    const { link } = linkTo(false, new Response());
    expect(await errorOf(link.write(new Uint8Array(1), 0, limits()))).to.include({ code: 'no-route' });
  });

  it('leaves open what became of the image', async () => {
    const { link } = linkTo(false, new Response());
    expect(await errorOf(link.finalize({ sha256: SHA256 }, limits()))).to.include({ code: 'unconfirmed' });
  });

  it('counts as a lost answer where the device can be asked, and as a bare yes to a finalize', async () => {
    const { link } = linkTo(true, new Response(), new Response(), new Response());
    expect(await errorOf(link.begin(sent, limits()))).to.include({ code: 'garbled', status: 200 });
    expect(await errorOf(link.write(new Uint8Array(1), 0, limits()))).to.include({ code: 'garbled', status: 200 });
    expect(await link.finalize({ sha256: SHA256 }, limits())).to.deep.equal({ names: 'yes' });
  });

  it('shows neither a session nor the image where the server sends back what it is sent, and more', async () => {
    const link = linkToEcho(
      false,
      Response.json({ size: 7, received: true }),
      Response.json({ session_id: 4 }),
      Response.json({ sha256: SHA256, received: true }),
    );
    expect(await errorOf(link.begin(sent, limits()))).to.include({ code: 'no-route' });
    expect((await link.begin(sent, limits())).session.id, 'a session is its own word').to.equal('4');
    expect(await link.finalize({ sha256: SHA256 }, limits())).to.deep.equal({ names: 'yes' });
  });

  it('says something where other paths are refused, or answered otherwise', async () => {
    for (const control of [null, '', 'hello']) {
      const { link } = linkBeside(control, false, new Response('ok'));
      expect((await link.begin(sent, limits())).session.id).to.equal(null);
    }
  });
});

describe('what a documented device says of the hash', () => {
  const OTHER = 'cd'.repeat(32);
  for (const [body, names] of [
    [{ ok: true }, 'yes'],
    [{ status: 'ok', verified: true }, 'yes'],
    [{ sha256: 'short' }, 'yes'],
    // Of another kind, such as SHA-512.
    [{ ok: true, hash: OTHER + OTHER }, 'yes'],
    // With the hash that was sent: an echo might contain it.
    [{ sha256: SHA256 }, 'yes'],
    [{ ok: true, sha256: SHA256 }, 'image'],
    [{ computed_sha256: SHA256.toUpperCase(), verified: true }, 'image'],
    [{ ok: true, result: { sha256: SHA256 } }, 'image'],
    // For example of what ran before.
    [{ ok: true, running: { sha256: OTHER } }, 'yes'],
  ] as const) {
    it(`is ${names === 'image' ? 'the name of this image' : 'no more than yes'}: ${JSON.stringify(body).slice(0, 40)}`, async () => {
      const { link } = linkTo(false, Response.json(body));
      expect(await link.finalize({ sha256: SHA256 }, limits())).to.deep.equal({ names });
    });
  }

  for (const body of [
    { status: 'ok', sha256: OTHER },
    { ok: true, computed_sha256: OTHER, sha256: SHA256 },
    { ok: true, verified: false },
    { ok: true, verified: 'false' },
    { ok: true, hash_ok: 0 },
    { status: 'ok', match: 'mismatch' },
    { status: 'done', message: 'sha256 mismatch' },
    { ok: true, last_result: { sha256: OTHER } },
    ...['computed_sha256', 'hash', 'digest'].map((name) => ({ ok: true, [name]: OTHER })),
    ...['valid', 'sha256_ok', 'match'].map((name) => ({ ok: true, [name]: false })),
    'sha256 mismatch',
    { result: { verified: false } },
    { sha256: SHA256, match: false },
  ]) {
    it(`is a refusal though its status is 200: ${JSON.stringify(body).slice(0, 40)}`, async () => {
      const { link } = linkTo(false, Response.json(body));
      expect(await errorOf(link.finalize({ sha256: SHA256 }, limits()))).to.include({ code: 'hash-mismatch' });
    });
  }

  it('is not known where it answers 202, since the end is not reported', async () => {
    for (const body of [{ status: 'checking' }, { status: 'checking', sha256: SHA256 }]) {
      const { link } = linkTo(false, Response.json(body, { status: 202 }));
      const finalizing = link.finalize({ sha256: SHA256 }, limits());
      expect(await errorOf(finalizing)).to.include({ code: 'unconfirmed', status: 202 });
    }
  });

  it('is a refusal also where it answers 202, and names another hash', async () => {
    const { link } = linkTo(false, Response.json({ sha256: OTHER }, { status: 202 }));
    const finalizing = link.finalize({ sha256: SHA256 }, limits());
    expect(await errorOf(finalizing)).to.include({ code: 'hash-mismatch', status: 202 });
  });
});
