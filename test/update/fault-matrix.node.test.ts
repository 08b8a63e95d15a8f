/**
 * Every phase of an update × everything that can go wrong in it × every kind of device: the outcome, and whether the
 * slot that runs holds the very bytes of the file.
 */
import { expect } from 'chai';
import type { Fault } from '../../src/simulator/faults.ts';
import type { Outcome } from '../../src/update/update-state.ts';
import { World, type WorldOptions } from './world.ts';

const status = (code: number, retryAfter?: string): Fault => ({
  kind: 'status',
  when: 'before',
  status: code,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

const FAULTS = {
  'dropped before': { kind: 'drop', when: 'before' },
  'dropped after': { kind: 'drop', when: 'after' },
  'hangs before': { kind: 'hang', when: 'before' },
  'hangs after': { kind: 'hang', when: 'after' },
  '401': status(401),
  '404': status(404),
  '409': status(409),
  '413': status(413),
  '429': status(429, '3'),
  '500': status(500),
  '503': status(503),
  '504 before': status(504),
  '504 after': { kind: 'status', when: 'after', status: 504 },
  'restart before': { kind: 'restart', when: 'before' },
  'restart after': { kind: 'restart', when: 'after' },
  'corrupt flash': { kind: 'corrupt', where: 'flash' },
  'corrupt on the way': { kind: 'corrupt', where: 'wire' },
  'other session': { kind: 'other-session', when: 'before' },
  'garbage: a page': { kind: 'garbage', answer: 'html' },
  'garbage: nothing': { kind: 'garbage', answer: 'empty' },
  'garbage: half of JSON': { kind: 'garbage', answer: 'broken-json' },
  'garbage: 10 MB': { kind: 'garbage', answer: 'huge' },
} as const satisfies Record<string, Fault>;

/** What happens to the page or the network instead of the device. */
type Outside = 'page reloaded' | 'offline for a minute' | 'offline after it was sent';
type Trouble = keyof typeof FAULTS | Outside;
/** `*` after an outcome: the slot that runs holds the file. */
type Expected = `${Outcome['outcome']}${'' | '*'}` | `failed: ${string}`;

interface Phase {
  /** The route that meets the fault. */
  readonly route: string;
  /** Which request to it, counted within the phase's own state. */
  readonly phase:
    Outcome['phase'] | 'detecting' | 'checking' | 'beginning' | 'writing' | 'finalizing' | 'restarting' | 'confirming';
  readonly nth?: number;
  /** What most faults lead to, and those that lead elsewhere. */
  readonly usually: Expected;
  readonly but: Partial<Record<Trouble, Expected>>;
}

interface Kind {
  readonly device: WorldOptions;
  readonly phases: readonly Phase[];
}

const KINDS: Readonly<Record<string, Kind>> = {
  shipped: {
    device: { dialect: 'shipped', rollback: true },
    phases: [
      {
        route: 'status',
        phase: 'detecting',
        usually: 'updated*',
        but: {
          '401': 'failed: unauthorised',
          // 404 or an answer that says nothing: it looks like a documented device until begin refuses that token header.
          'other session': 'failed: other-session',
        },
      },
      {
        route: 'status',
        phase: 'checking',
        usually: 'updated*',
        but: { '401': 'failed: unauthorised', '404': 'failed: no-route', 'other session': 'failed: other-session' },
      },
      {
        route: 'begin',
        phase: 'beginning',
        usually: 'updated*',
        but: {
          '401': 'failed: unauthorised',
          '404': 'failed: no-route',
          '413': 'failed: too-large',
          // The hash arrives damaged, and does not match at the end.
          'corrupt on the way': 'rejected',
          'other session': 'failed: other-session',
        },
      },
      {
        route: 'chunk',
        phase: 'writing',
        nth: 2,
        usually: 'updated*',
        but: {
          '401': 'failed: unauthorised',
          '404': 'failed: no-route',
          'restart before': 'failed: session-lost',
          'restart after': 'failed: session-lost',
          'corrupt flash': 'rolled-back',
          'corrupt on the way': 'rejected',
          'other session': 'failed: other-session',
        },
      },
      {
        route: 'finalize',
        phase: 'finalizing',
        usually: 'updated*',
        but: {
          '401': 'failed: unauthorised',
          '404': 'failed: no-route',
          // The wish to restart arrives damaged: it takes the image and stays up.
          'corrupt on the way': 'staged',
          // It never took the image, and nobody outside can tell that from an image that did not start.
          'restart before': 'rolled-back',
          'other session': 'failed: other-session',
        },
      },
      {
        route: 'status',
        phase: 'restarting',
        usually: 'updated*',
        but: {
          '401': 'failed: unauthorised',
          '404': 'failed: no-route',
          // Not yet marked valid, so the bootloader goes back.
          'restart before': 'rolled-back',
          'restart after': 'rolled-back',
        },
      },
      {
        route: 'mark-valid',
        phase: 'confirming',
        usually: 'updated*',
        but: {
          '401': 'failed: not-marked-valid',
          '404': 'failed: not-marked-valid',
          'restart before': 'rolled-back',
        },
      },
    ],
  },
  'documented, without a counter': {
    device: { dialect: 'documented' },
    phases: [
      {
        // It has no status route: what is asked there is no route at all.
        route: 'unknown',
        phase: 'detecting',
        usually: 'accepted*',
        but: { '401': 'failed: unauthorised', 'other session': 'failed: other-session' },
      },
      {
        route: 'begin',
        phase: 'beginning',
        usually: 'accepted*',
        but: {
          '401': 'failed: unauthorised',
          '404': 'failed: no-route',
          '409': 'failed: other-session',
          '413': 'failed: too-large',
          'corrupt on the way': 'failed: bad-request',
          'other session': 'failed: other-session',
        },
      },
      {
        route: 'write',
        phase: 'writing',
        nth: 2,
        usually: 'accepted*',
        but: {
          '401': 'failed: unauthorised',
          '404': 'failed: no-route',
          // It accepts what it received; that the flash kept something else it cannot tell.
          'corrupt flash': 'accepted',
          'corrupt on the way': 'rejected',
          // It tells no session: ours is started over once theirs has run out.
        },
      },
      {
        route: 'finalize',
        phase: 'finalizing',
        usually: 'accepted*',
        but: {
          '401': 'failed: unauthorised',
          '404': 'failed: no-route',
          // As if the browser had sent it twice and the first was taken.
          '409': 'failed: unconfirmed',
          'page reloaded': 'failed: unconfirmed',
          'offline after it was sent': 'failed: unconfirmed',
          'dropped after': 'failed: unconfirmed',
          'hangs after': 'failed: unconfirmed',
          '504 after': 'failed: unconfirmed',
          'restart before': 'failed: unconfirmed',
          'restart after': 'failed: unconfirmed',
          'garbage: a page': 'failed: unconfirmed',
          'garbage: 10 MB': 'failed: unconfirmed',
          'corrupt on the way': 'rejected',
        },
      },
    ],
  },
  'documented, with a counter': {
    device: { dialect: 'documented', status: 'counter' },
    phases: [
      {
        route: 'status',
        phase: 'detecting',
        usually: 'accepted*',
        but: { '401': 'failed: unauthorised', 'other session': 'failed: other-session' },
      },
      {
        route: 'status',
        phase: 'checking',
        usually: 'accepted*',
        but: { '401': 'failed: unauthorised', '404': 'failed: no-route', 'other session': 'failed: other-session' },
      },
      {
        route: 'begin',
        phase: 'beginning',
        usually: 'accepted*',
        but: {
          '401': 'failed: unauthorised',
          '404': 'failed: no-route',
          '409': 'failed: other-session',
          '413': 'failed: too-large',
          'corrupt on the way': 'failed: bad-request',
          'other session': 'failed: other-session',
        },
      },
      {
        route: 'write',
        phase: 'writing',
        nth: 2,
        usually: 'accepted*',
        but: {
          '401': 'failed: unauthorised',
          '404': 'failed: no-route',
          'restart before': 'failed: session-lost',
          'restart after': 'failed: session-lost',
          'corrupt flash': 'accepted',
          'corrupt on the way': 'rejected',
          'other session': 'failed: other-session',
        },
      },
      {
        route: 'finalize',
        phase: 'finalizing',
        usually: 'accepted*',
        but: {
          '401': 'failed: unauthorised',
          '404': 'failed: no-route',
          'page reloaded': 'failed: unconfirmed',
          'offline after it was sent': 'failed: unconfirmed',
          'dropped after': 'failed: unconfirmed',
          'hangs after': 'failed: unconfirmed',
          '504 after': 'failed: unconfirmed',
          'restart before': 'failed: unconfirmed',
          'restart after': 'failed: unconfirmed',
          'garbage: a page': 'failed: unconfirmed',
          'garbage: 10 MB': 'failed: unconfirmed',
          'other session': 'failed: other-session',
          'corrupt on the way': 'rejected',
        },
      },
    ],
  },
};

function found(outcome: Outcome, world: World): string {
  if (outcome.outcome === 'failed') return `failed: ${outcome.code}`;
  return outcome.outcome + (world.runsImage ? '*' : '');
}

const newWorld = (kind: Kind): World => new World({ imageBytes: 20_000, slotBytes: 64 * 1024, ...kind.device });

/** What must hold however it ended. */
function holdAlways(outcome: Outcome, world: World): void {
  expect(world.device.requestsInFlightMax, 'requests in flight').to.be.at.most(1);
  if (world.dialect === 'shipped') expect(world.device.bytesProgrammedTwice, 'bytes written twice').to.equal(0);
  if (outcome.outcome === 'updated') expect(world.runsImage).to.equal(true);
  if (outcome.outcome === 'failed' && outcome.oldFirmware === 'runs') expect(world.device.running).to.equal('ota_0');
  expect(world.clock.pending, 'timers left').to.equal(0);
}

for (const [kindName, kind] of Object.entries(KINDS)) {
  describe(`the fault matrix of a ${kindName} device`, () => {
    for (const phase of kind.phases) {
      for (const [name, fault] of Object.entries(FAULTS)) {
        // A question has no body that could be damaged.
        if (fault.kind === 'corrupt' && (phase.route === 'status' || phase.route === 'unknown')) continue;
        const expected = phase.but[name as Trouble] ?? phase.usually;
        it(`${phase.phase}, ${name}: ${expected}`, async () => {
          const world = newWorld(kind);
          let seen = 0;
          world.device.fault = ({ route }) => {
            if (route !== phase.route || world.states.at(-1)?.phase !== phase.phase) return null;
            seen += 1;
            return seen === (phase.nth ?? 1) ? fault : null;
          };
          const outcome = await world.run();
          expect(seen, 'the fault was met').to.be.at.least(phase.nth ?? 1);
          expect(found(outcome, world)).to.equal(expected);
          holdAlways(outcome, world);
        });
      }

      it(`${phase.phase}, page reloaded: ${phase.but['page reloaded'] ?? phase.usually} when Update is pressed again`, async () => {
        const world = newWorld(kind);
        let reloaded = false;
        world.device.fault = ({ route }) => {
          if (reloaded || route !== phase.route || world.states.at(-1)?.phase !== phase.phase) return null;
          reloaded = true;
          world.reload();
          return null;
        };
        const first = world.start();
        // The page is gone; what it had sent takes its effect on the device all the same. Its longest time limit runs out.
        await world.clock.pass(50_000);
        expect(reloaded).to.equal(true);
        void first;
        const outcome = await world.run();
        expect(found(outcome, world)).to.equal(phase.but['page reloaded'] ?? phase.usually);
        holdAlways(outcome, world);
      });

      it(`${phase.phase}, offline after it was sent: ${phase.but['offline after it was sent'] ?? phase.usually}`, async () => {
        const world = newWorld(kind);
        let cut = false;
        world.device.fault = ({ route }) => {
          if (cut || route !== phase.route || world.states.at(-1)?.phase !== phase.phase) return null;
          cut = true;
          world.network.set(false);
          return { kind: 'drop', when: 'after' };
        };
        const end = world.start();
        await world.clock.pass(20_000);
        expect(cut).to.equal(true);
        world.network.set(true);
        const outcome = await world.clock.settle(end);
        if (!outcome) throw new Error('no outcome');
        expect(found(outcome, world)).to.equal(phase.but['offline after it was sent'] ?? phase.usually);
        holdAlways(outcome, world);
      });

      it(`${phase.phase}, offline for a minute: ${phase.but['offline for a minute'] ?? phase.usually}`, async () => {
        const world = newWorld(kind);
        let cut = false;
        world.onState = (state) => {
          if (cut || state.phase !== phase.phase) return;
          cut = true;
          world.network.set(false);
        };
        const end = world.start();
        await world.clock.pass(60_000);
        expect(cut).to.equal(true);
        world.network.set(true);
        const outcome = await world.clock.settle(end);
        if (!outcome) throw new Error('no outcome');
        expect(found(outcome, world)).to.equal(phase.but['offline for a minute'] ?? phase.usually);
        holdAlways(outcome, world);
      });
    }

    it('an image that does not start is rolled back, or accepted by a device that cannot tell', async () => {
      const world = new World({ imageBytes: 20_000, ...kind.device, boots: (image) => image.length <= 1000 });
      const outcome = await world.run();
      expect(outcome.outcome).to.equal(world.dialect === 'shipped' ? 'rolled-back' : 'accepted');
      expect(world.device.running).to.equal('ota_0');
    });
  });
}
