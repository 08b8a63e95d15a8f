import { expect } from 'chai';
import type { RequestRecord } from '../../../src/model/device/request-record.ts';
import { ShippedLink } from '../../../src/device/viperhttp/shipped.ts';
import type { Slot } from '../../../src/model/device/link.ts';
import { answering, errorOf, limits, snapshot, target, TOKEN } from '../given.ts';
import { ManualClock } from '../manual-clock.ts';

const SHA256 = 'ab'.repeat(32);

function linkTo(...answers: readonly (Response | Error)[]) {
  const { fetch, seen } = answering(...answers);
  const records: RequestRecord[] = [];
  const world = { fetch, clock: new ManualClock(), observe: (record: RequestRecord) => void records.push(record) };
  return { link: new ShippedLink(target(), world), seen, records };
}

async function onTheWire(seen: ReturnType<typeof linkTo>['seen']) {
  return Promise.all(
    seen.map(async ({ url, init }) => [
      `${init.method} ${url}`,
      Object.fromEntries(init.headers),
      init.body === undefined ? null : await new Response(init.body).text(),
    ]),
  );
}

describe('what goes over the wire to shipped firmware', () => {
  const token = { 'x-ota-token': TOKEN };
  const json = { ...token, 'content-type': 'application/json' };

  it('is exactly what it reads', async () => {
    const { link, seen, records } = linkTo(
      Response.json(snapshot()),
      Response.json(snapshot()),
      Response.json(snapshot()),
      Response.json({ ok: true }),
      Response.json({ ok: true }),
      Response.json({ ok: true, aborted: true, active: false }),
      Response.json({ ok: true }),
    );
    await link.status(limits());
    await link.begin({ size: 1500000, sha256: SHA256, force: false }, limits());
    await link.write(new TextEncoder().encode('firmware'), 4096, limits());
    await link.finalize({ restart: true, sha256: SHA256 }, limits());
    await link.finalize({ restart: false, sha256: SHA256 }, limits());
    await link.abort(limits());
    await link.markValid(limits());
    expect(await onTheWire(seen)).to.deep.equal([
      ['GET http://192.168.1.50:8080/ota/status', token, null],
      [
        'POST http://192.168.1.50:8080/ota/begin',
        json,
        `{"expected_size":1500000,"expected_sha256":"${SHA256}","force":false}`,
      ],
      [
        'POST http://192.168.1.50:8080/ota/chunk?offset=4096',
        { ...token, 'content-type': 'application/octet-stream' },
        'firmware',
      ],
      ['POST http://192.168.1.50:8080/ota/finalize', json, '{"set_boot":true,"reboot":true,"strict_size":true}'],
      ['POST http://192.168.1.50:8080/ota/finalize', json, '{"set_boot":true,"reboot":false,"strict_size":true}'],
      ['POST http://192.168.1.50:8080/ota/abort', token, null],
      ['POST http://192.168.1.50:8080/ota/mark-valid', token, null],
    ]);
    expect(records.map(({ kind }) => kind)).to.deep.equal([
      'status',
      'begin',
      'write',
      'finalize',
      'finalize',
      'abort',
      'mark-valid',
    ]);
  });

  it('sends the chunk itself, without copying it', async () => {
    const { link, seen } = linkTo(Response.json(snapshot()));
    const chunk = new Uint8Array(16).subarray(4, 8);
    await link.write(chunk, 0, limits());
    expect(seen[0]?.init.body).to.equal(chunk);
  });
});

describe('what shipped firmware tells', () => {
  it('is its slots and its session', async () => {
    const { link } = linkTo(Response.json(snapshot()));
    expect(await link.status(limits())).to.deep.equal({
      supported: true,
      running: { label: 'ota_0', address: 65536, size: 2031616, subtype: 16 },
      boot: { label: 'ota_0', address: null, size: null },
      next: { label: 'ota_1', address: null, size: 2031616 },
      lastTaken: null,
      session: {
        id: '3',
        writtenBytes: 4096,
        expectedSize: 1500000,
        expectedSha256: SHA256,
        slot: { label: 'ota_1', address: null, size: null },
        capacityBytes: 2031616,
        blockSize: 4096,
      },
    });
  });

  it('is no session when it is idle or the session is over', async () => {
    for (const session of [null, { id: 3, active: false, written_bytes: 4096 }]) {
      const { link } = linkTo(Response.json(snapshot({ session })));
      expect((await link.status(limits())).session).to.equal(null);
    }
  });

  it('is the last image it took', async () => {
    const results = [
      [
        { ok: true, sha256: 'AB'.repeat(32), partition: { label: 'ota_1' } },
        { sha256: SHA256, slot: 'ota_1' },
      ],
      [
        { ok: true, sha256: null, partition: null },
        { sha256: null, slot: null },
      ],
      [{ ok: false, sha256: SHA256 }, null],
      ['garbage', null],
    ] as const;
    for (const [last_result, lastTaken] of results) {
      const { link } = linkTo(Response.json(snapshot({ last_result })));
      expect((await link.status(limits())).lastTaken).to.deep.equal(lastTaken);
    }
  });

  it('may leave out what it does not know', async () => {
    const session = { id: 'a', written_bytes: 0, expected_size: null, expected_sha256: null, partition: null };
    const partitions = { running_partition: null, boot_partition: { raw: [] }, next_update_partition: { label: '' } };
    const { link } = linkTo(Response.json({ supported: false, session, ...partitions }));
    expect(await link.status(limits())).to.deep.equal({
      supported: false,
      running: null,
      boot: null,
      next: null,
      lastTaken: null,
      session: {
        id: 'a',
        writtenBytes: 0,
        expectedSize: null,
        expectedSha256: null,
        slot: null,
        capacityBytes: null,
        blockSize: null,
      },
    });
  });

  it('is believed only where bytes are whole numbers', async () => {
    for (const size of [-1, 1.5, '4096', Number.MAX_SAFE_INTEGER + 1, null, true, {}]) {
      const running_partition = { label: 'ota_0', address: size, size };
      const { link } = linkTo(Response.json(snapshot({ running_partition })));
      const running: Slot | null = (await link.status(limits())).running;
      expect(running, JSON.stringify(size)).to.deep.equal({ label: 'ota_0', address: null, size: null });
    }
  });

  it('answers begin and chunk with the session it writes', async () => {
    const { link } = linkTo(Response.json(snapshot()), Response.json(snapshot()));
    const begun = await link.begin({ size: 1500000, sha256: SHA256, force: true }, limits());
    expect(begun.session.id).to.equal('3');
    expect(await link.write(new Uint8Array(1), 0, limits())).to.deep.equal({ writtenBytes: 4096, sessionId: '3' });
  });

  it('says after an abort whether it is idle', async () => {
    const cases = [
      ['{"ok": true, "aborted": true, "active": false}', true],
      ['{"ok": true, "aborted": false, "active": false}', true],
      ['{"ok": true, "active": true}', false],
      ['{"ok": true}', null],
      ['', null],
    ] as const;
    for (const [body, idle] of cases) {
      const { link } = linkTo(new Response(body));
      expect(await link.abort(limits()), body).to.deep.equal({ idle });
    }
  });
});

describe('an answer of shipped firmware that is not what was published', () => {
  const session = snapshot()['session'] as Readonly<Record<string, unknown>>;
  const unreadable: Readonly<Record<string, string>> = {
    empty: '',
    'plain text': 'ok',
    'broken JSON': '{"supported": tr',
    'a list': '[]',
    null: 'null',
    '10 MB long': `{"supported": true, "session": null, "x": "${'x'.repeat(10 * 1024 * 1024)}"}`,
    'another object': '{"ok": true}',
  };
  /** Whole, and after the published shape: no other try makes them fit. */
  const strange: Readonly<Record<string, string>> = {
    'without "supported"': JSON.stringify({ ...snapshot(), supported: undefined }),
    ...Object.fromEntries(
      ['supported', 'running_partition', 'next_update_partition'].map((key) => [
        `"${key}" alone`,
        JSON.stringify({ [key]: null }),
      ]),
    ),
    '"supported" as text': JSON.stringify(snapshot({ supported: 'true' })),
    'without a session key': JSON.stringify({ ...snapshot(), session: undefined }),
    'a session as text': JSON.stringify(snapshot({ session: '3' })),
    'a session without id': JSON.stringify(snapshot({ session: { ...session, id: null } })),
    'a session without counter': JSON.stringify(snapshot({ session: { ...session, written_bytes: undefined } })),
    'a session that counts in text': JSON.stringify(snapshot({ session: { ...session, written_bytes: '4096' } })),
    'a session that counts below zero': JSON.stringify(snapshot({ session: { ...session, written_bytes: -1 } })),
  };
  const asked = [
    (link: ShippedLink) => link.status(limits()),
    (link: ShippedLink) => link.begin({ size: 1, sha256: SHA256, force: false }, limits()),
    (link: ShippedLink) => link.write(new Uint8Array(1), 0, limits()),
  ];
  const told = [
    (link: ShippedLink) => link.finalize({ restart: true, sha256: SHA256 }, limits()),
    (link: ShippedLink) => link.markValid(limits()),
  ];
  for (const [name, body] of Object.entries(unreadable)) {
    it(`is garbled: ${name}`, async () => {
      for (const call of name === 'another object' ? asked : [...asked, ...told]) {
        const error = await errorOf(call(linkTo(new Response(body)).link));
        expect(error).to.include({ code: 'garbled', status: 200 });
      }
    });
  }

  for (const [name, body] of Object.entries(strange)) {
    it(`is of a form that is not known: ${name}`, async () => {
      for (const call of asked) {
        const error = await errorOf(call(linkTo(new Response(body)).link));
        expect(error).to.include({ code: 'unknown-format', status: 200 });
      }
    });
  }

  it('is called a web page where it is one', async () => {
    for (const call of [...asked, ...told]) {
      const { link } = linkTo(new Response('<!doctype html><title>Router</title>'));
      expect(await errorOf(call(link))).to.include({ code: 'web-page', status: 200 });
    }
  });

  it('is a refusal where a finalize names another hash, and names the image where it is this one', async () => {
    const finalize = (answer: object) =>
      linkTo(Response.json(answer)).link.finalize({ restart: false, sha256: SHA256 }, limits());
    const refused = { code: 'hash-mismatch', status: 200 };
    expect(await errorOf(finalize({ ok: true, sha256: 'cd'.repeat(32) }))).to.include(refused);
    expect(await finalize({ ok: true, sha256: SHA256 })).to.deep.equal({ names: 'image' });
    expect(await finalize({ ok: true })).to.deep.equal({ names: 'yes' });
  });

  it('tells slots by their place where it tells no names', async () => {
    const nameless = {
      running_partition: { address: 65536, size: 5 },
      next_update_partition: { label: '', address: 4096 },
    };
    const { link } = linkTo(Response.json(snapshot(nameless)));
    const { running, next } = await link.status(limits());
    expect(running).to.deep.equal({ label: '0x10000', address: 65536, size: 5 });
    expect(next).to.deep.equal({ label: '0x1000', address: 4096, size: null });
  });

  it('is garbled where begin and chunk show no session', async () => {
    for (const over of [null, { ...session, active: false }]) {
      const { link } = linkTo(Response.json(snapshot({ session: over })), Response.json(snapshot({ session: over })));
      const begun = link.begin({ size: 1, sha256: SHA256, force: false }, limits());
      expect((await errorOf(begun)).code).to.equal('garbled');
      expect((await errorOf(link.write(new Uint8Array(1), 0, limits()))).code).to.equal('garbled');
    }
  });

  it('keeps the device’s words', async () => {
    const { link } = linkTo(new Response('Hello from port 80'));
    expect((await errorOf(link.status(limits()))).said).to.equal('Hello from port 80');
  });
});
