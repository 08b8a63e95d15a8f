/** Which kind of device a link is opened to, and what is asked for that. */
import { expect } from 'chai';
import { nothingTold } from '../../src/device/form/nothing-told.ts';
import { openAnyLink } from '../../src/device/open-link.ts';
import type { DeviceTarget } from '../../src/device/target.ts';
import { OF_HOST } from '../../src/device/whole-image/of-host.ts';
import { TRAITS } from '../../src/model/device/dialect.ts';
import type { UpdateErrorCode } from '../../src/model/update/error-codes.ts';
import { errorOf, limits, ORIGIN, snapshot, target } from './given.ts';
import { ManualClock } from './manual-clock.ts';

/** What a device answers to every question but a lamp's. */
type Answer = () => Response;
const answer =
  (status: number, body = 'no'): Answer =>
  () =>
    new Response(body, { status });
const json =
  (body: unknown): Answer =>
  () =>
    Response.json(body);
const SHIPPED = json(snapshot());
const NONE: Answer = () => {
  throw new TypeError('Failed to fetch');
};

const STATUS = '/ota/status';
/** What only lamps answer. */
const INFO = '/json/info';
const FOUND = { dialect: 'wled', identity: nothingTold('WLED', false) } as const;

interface There extends Partial<DeviceTarget> {
  readonly isLamp?: boolean;
  /** It runs in a host, which finds this by other means than HTTP. Absent: in a page. */
  readonly hostFinds?: typeof FOUND | null;
}

async function opened(says: Answer, { isLamp = false, hostFinds, ...changes }: There = {}) {
  const asked: string[] = [];
  let byHost = 0;
  const fetch = async (url: string) => {
    const { pathname } = new URL(url);
    asked.push(pathname);
    if (pathname !== INFO || says === NONE) return says();
    return isLamp ? Response.json({ brand: 'WLED' }) : new Response('no', { status: 404 });
  };
  const find = async () => {
    byHost += 1;
    return hostFinds ?? null;
  };
  const parts = hostFinds === undefined ? { askHost: find } : { onHost: { ...OF_HOST, find } };
  const work = openAnyLink(target(changes), { fetch, clock: new ManualClock(), ...parts })(limits());
  const is = await work.then(
    ({ dialect }) => dialect,
    async () => (await errorOf(work)).code,
  );
  return { is, asked, byHost };
}

/** Answers that may be those of a device of another kind: the error where it is none. */
const MAY_BE_ANOTHERS = {
  'web-page': answer(200, '<!doctype html><p>Lamp'),
  'no-route': answer(200, 'the same for every path'),
  garbled: answer(307),
  'unknown-format': json({ supported: 'yes' }),
  unauthorised: answer(401),
  'bad-request': answer(400),
  'device-fault': answer(500),
} as const satisfies Partial<Record<UpdateErrorCode, Answer>>;

const SAYS_ENOUGH = {
  unreachable: NONE,
  forbidden: answer(403),
  busy: answer(503),
  unsupported: answer(501),
  'wrong-host': answer(400, 'Invalid Host'),
} as const satisfies Partial<Record<UpdateErrorCode, Answer>>;

describe('the kind of device at an address', () => {
  for (const [code, says] of Object.entries(MAY_BE_ANOTHERS)) {
    it(`may be any other where the answer is ${code}`, async () => {
      expect((await opened(says, { isLamp: true })).is).to.equal('wled');
      const { is, asked } = await opened(says);
      expect(is).to.equal(code);
      expect(asked.at(-1)).to.equal(INFO);
    });

    it(`is asked for no further where it is known, and the answer is ${code}`, async () => {
      for (const known of [{ protocol: 'shipped' }, { dialect: 'shipped' }] as const)
        expect((await opened(says, { ...known, isLamp: true })).asked).to.not.include(INFO);
    });
  }

  for (const [code, says] of Object.entries(SAYS_ENOUGH)) {
    it(`is asked for no further where the answer is ${code}`, async () => {
      const { is, asked } = await opened(says, { isLamp: true });
      expect(is).to.equal(code);
      expect(asked).to.not.include(INFO);
    });
  }

  it('is asked for once more where nothing but an answer speaks for a documented device', async () => {
    expect((await opened(answer(404), { isLamp: true })).is).to.equal('wled');
    expect(await opened(answer(404))).to.deep.include({ is: 'documented' });
    expect((await opened(answer(404), { isLamp: true, dialect: 'documented' })).is).to.equal('documented');
  });

  it('stays the remembered one where nothing answers there now', async () => {
    expect(await opened(NONE, { dialect: 'wled' })).to.deep.include({ is: 'unreachable', asked: [INFO] });
  });

  describe('at a port where no device speaks HTTP', () => {
    const origin = `http://${new URL(ORIGIN).hostname}:${TRAITS.esphome.usualPort}`;

    it('is found by the host’s own means first, and HTTP does not disturb it', async () => {
      expect(await opened(NONE, { origin, hostFinds: FOUND })).to.deep.equal({ is: 'wled', asked: [], byHost: 1 });
    });

    it('is asked for by HTTP where those find none, where the kind is known, and in a page', async () => {
      const asked = { is: 'shipped', asked: [STATUS] };
      expect(await opened(SHIPPED, { origin, hostFinds: null })).to.deep.equal({ ...asked, byHost: 1 });
      for (const there of [
        { dialect: 'shipped', hostFinds: FOUND },
        { protocol: 'shipped', hostFinds: FOUND },
        {},
      ] as const)
        expect(await opened(SHIPPED, { origin, ...there })).to.deep.include({ is: 'shipped', byHost: 0 });
    });
  });

  it('is asked for by HTTP first at any other port, also by a host', async () => {
    const found = { is: 'shipped', asked: [STATUS], byHost: 0 };
    expect(await opened(SHIPPED, { hostFinds: FOUND })).to.deep.equal(found);
  });
});
