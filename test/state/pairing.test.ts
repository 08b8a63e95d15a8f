import { expect } from 'chai';
import { HostState } from '../../src/state/host.ts';
import { HostKey } from '../../src/page/host/host-key.ts';
import { NoticesState } from '../../src/state/notices.ts';
import { TokenLockState } from '../../src/state/device/secrets/token-lock.ts';
import { PairingState } from '../../src/state/pairing.ts';

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly key: string | null;
}

/** A host that pairs by one code, and answers as the real one does. */
class FakeHost {
  readonly sent: Sent[] = [];
  code = 'ABCDEFGHJK';
  key: string | null = null;
  #made = 0;
  isGone = false;
  /** How it answers a code, whatever the code is. */
  answers: number | null = null;

  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    const key = headers.get('Moult-Key');
    this.sent.push({ url, method: init.method ?? 'GET', key });
    if (this.isGone) throw new TypeError('Failed to fetch');
    const isPaired = key !== null && key === this.key;
    if (url.startsWith('/device/')) {
      return isPaired
        ? Response.json({})
        : Response.json({}, { status: 403, headers: { 'Moult-Gateway': 'not-paired' } });
    }
    switch (`${init.method ?? 'GET'} ${url}`) {
      case 'GET /moult.json':
        return Response.json({
          ...{ gateway: isPaired, discover: isPaired, simulated: [] },
          pairing: isPaired ? 'paired' : 'needed',
        });
      case 'POST /pair': {
        if (this.answers !== null) return Response.json({}, { status: this.answers });
        const { code } = JSON.parse(typeof init.body === 'string' ? init.body : '') as { code: string };
        if (code !== this.code) return Response.json({}, { status: 403 });
        this.key = `key ${(this.#made += 1)}`;
        return Response.json({ key: this.key });
      }
      case 'POST /pair/code':
        return isPaired ? Response.json({ code: 'NEXTCODE12', ms: 1 }) : Response.json({}, { status: 403 });
      default:
        return new Response('', { status: 404 });
    }
  };
}

describe('A browser and the host of its page', () => {
  const realFetch = globalThis.fetch;
  let host: FakeHost;
  let kept: string | null;
  beforeEach(() => {
    host = new FakeHost();
    kept = null;
    globalThis.fetch = (url, init) => host.fetch(typeof url === 'string' ? url : '', init);
  });
  afterEach(() => (globalThis.fetch = realFetch));

  function page() {
    const key = new HostKey(
      {
        read: async () => kept,
        write: async (fresh) => {
          kept = fresh;
        },
      },
      'http://localhost:6685',
    );
    const notices = new NoticesState();
    const offers = new HostState(async () => {
      const answer = await key.fetch('/moult.json').catch(() => null);
      return answer === null ? null : ((await answer.json()) as never);
    });
    const pairing = new PairingState({
      key,
      calls: () => import('../../src/page/host/pair-calls.ts'),
      host: offers,
      notices,
      tokenLock: new TokenLockState(null),
    });
    return { key, offers, pairing, notices, said: () => notices.$notices.get() };
  }

  it('are paired by the code that came with the address, and stay so', async () => {
    const first = page();
    await first.pairing.load(host.code);
    expect(first.offers.$offers.get()).to.include({ pairing: 'paired', gateway: true });
    expect(first.said()).to.deep.equal([{ kind: 'pairing', is: 'paired' }]);
    expect(kept).to.equal(host.key);
    const later = page();
    await later.pairing.load(null);
    expect(later.offers.$offers.get()).to.include({ pairing: 'paired' });
    expect(later.said()).to.deep.equal([]);
  });

  it('use no second code where they are paired', async () => {
    await page().pairing.load(host.code);
    await page().pairing.load('ANOTHERONE');
    expect(host.sent.filter(({ url }) => url === '/pair')).to.have.length(1);
  });

  it('are told why pairing did not work', async () => {
    const wrong = page();
    await wrong.pairing.load('WRONGCODE1');
    expect(wrong.said()).to.deep.equal([{ kind: 'pairing', is: 'wrong-code' }]);
    const gone = page();
    await gone.pairing.load(null);
    host.isGone = true;
    await gone.pairing.arrive(host.code);
    expect(gone.said()).to.deep.equal([{ kind: 'pairing', is: 'no-answer' }]);
  });

  it('are told what else is in the way', async () => {
    for (const [status, is] of [
      [429, 'too-often'],
      [409, 'full'],
      [503, 'not-kept'],
      [500, 'no-answer'],
    ] as const) {
      const one = page();
      await one.pairing.load(null);
      host.answers = status;
      await one.pairing.arrive(host.code);
      host.answers = null;
      expect(one.said(), `${status}`).to.deep.equal([{ kind: 'pairing', is }]);
    }
  });

  it('are not said to need pairing any more once another tab has done it', async () => {
    const [one, other] = [page(), page()];
    await one.pairing.load(null);
    await other.pairing.load(host.code);
    await one.pairing.look();
    expect(one.said()).to.deep.equal([]);
    host.key = null;
    await one.pairing.look();
    await other.pairing.arrive(host.code);
    await one.pairing.look();
    expect(one.offers.$offers.get(), 'by the newer key').to.include({ pairing: 'paired' });
  });

  it('are paired once the host answers, and a code is not lost without a word', async () => {
    host.isGone = true;
    const one = page();
    await one.pairing.load(host.code);
    expect(one.said()).to.deep.equal([{ kind: 'pairing', is: 'no-answer' }]);
  });

  it('say that pairing is needed, at the start and when it was taken back', async () => {
    const one = page();
    await one.pairing.load(null);
    expect(one.said()).to.deep.equal([{ kind: 'pairing', is: 'needed' }]);
    await one.pairing.arrive(host.code);
    host.key = null;
    const said = new Promise((resolve) => one.notices.$notices.listen(resolve));
    await one.key.fetch('/device/http/kitchen:80/ota/status');
    expect(await said).to.deep.equal([{ kind: 'pairing', is: 'needed' }]);
    expect(one.offers.$offers.get()).to.include({ pairing: 'needed', gateway: false });
  });

  it('have a code for another one only where they are paired', async () => {
    const one = page();
    await one.pairing.load(null);
    expect(await one.pairing.renewCode()).to.equal(null);
    await one.pairing.arrive(host.code);
    expect(await one.pairing.renewCode()).to.equal('NEXTCODE12');
    expect(one.pairing.$code.get()).to.equal('NEXTCODE12');
  });

  it('show the key to nobody but the host', async () => {
    const one = page();
    await one.pairing.load(host.code);
    host.sent.length = 0;
    for (const url of [
      'http://kitchen.local/ota/status',
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example/',
    ]) {
      await one.key.fetch(url);
    }
    expect(host.sent.map(({ key }) => key)).to.deep.equal([null, null, null, null]);
    await one.key.fetch('/moult.json');
    expect(host.sent.at(-1)?.key).to.equal(host.key);
  });
});
