/** Whatever goes wrong, and whichever buttons are pressed: what is said of an update by ArduinoOTA is true. */
import { expect } from 'chai';
import type { EsphomeFault, EsphomeRoute } from '../../../../src/simulator/esphome/faults.ts';
import { brokenOnWire } from '../esphome/esphome-events.ts';
import { EspotaWorld } from './espota-world.ts';
import { happeningsWith, judge, type Met, PRESSES, playSchedules, pressUpdate, scriptOf } from '../whole-schedule.ts';
import { ready } from '../whole-world.ts';
import { fc } from '../../../random.ts';

/** Connections of one press: it sends a file three times, and probes now and then for two minutes. */
const MOST_UPDATES = 10;

const rarely = fc.integer({ min: 0, max: 19 }).map((number) => number === 0);

const schedule = fc.record({
  chip: fc.constantFrom('ESP32' as const, 'ESP8266' as const),
  boots: fc.integer({ min: 0, max: 5 }).map((number) => number > 0),
  comesBack: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  restartsItself: rarely.map((never) => !never),
  reachesClient: rarely.map((never) => !never),
  isRoomy: rarely.map((never) => !never),
  announces: fc.boolean(),
  losesDatagrams: fc.constantFrom(0, 0, 0, 0, 1, 4, 30),
  readsBytes: fc.constantFrom(1024, 256),
  auth: fc.constantFrom('md5' as const, 'sha256' as const, 'md5-kept' as const),
  password: fc.constantFrom(null, null, null, null, 'geheim'),
  isWrong: rarely,
  /** Faults by connection; presses by the state that is shown, whatever is under way. */
  events: happeningsWith<EsphomeRoute, EsphomeFault>(['ota'], brokenOnWire, 4),
  between: happeningsWith<EsphomeRoute, EsphomeFault>(['ota'], brokenOnWire, 80),
  ...PRESSES,
});

before(() => ready('espota'));

async function play(plan: typeof schedule extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
  const { chip, boots, isRoomy, isWrong, events, between, again, sendsNext, ...device } = plan;
  const world = new EspotaWorld({
    ...{ ...device, chip, slotBytes: isRoomy ? 1_310_720 : 32 * 1024 },
    // An ESP8266 has no other image to go back to.
    ...(chip === 'ESP32' ? { boots: () => boots } : {}),
    ...(device.password === null ? {} : { token: isWrong ? 'other' : device.password }),
  });
  world.device.fault = scriptOf(events, world);
  const happen = scriptOf(between, world);
  let shown = 0;
  world.onState = () => void happen({ index: (shown += 1), route: 'ota' });
  let before = 0;
  const sent = () => world.device.updates.slice(before);
  await pressUpdate({
    ...{ world, again, sendsNext, upMs: 60_000, runs: () => world.runs },
    prepare: () => {
      before = world.uploads;
      return {};
    },
    judgeEnd: (end, ran) => {
      judge(world, end, [ran], met);
      expect(end.outcome, 'nothing proves an update').to.not.be.oneOf(['updated', 'rolled-back', 'staged']);
      // Both outcomes say that the device has the file and was to start it.
      if (end.outcome === 'accepted' || end.outcome === 'not-seen-again')
        expect(
          sent().map(({ isTaken }) => isTaken),
          end.outcome,
        ).to.include(true);
    },
    judgePress: () => expect(sent().length, 'connections of one press').to.be.below(MOST_UPDATES),
  });
}

const met: Met = new Map();

describe('any schedule of faults around an update by ArduinoOTA', () => {
  it('ends, and claims nothing that is not true', async () => {
    const outcomes = ['accepted', 'failed', 'cancelled', 'not-seen-again'] as const;
    await playSchedules(schedule, { play, met, outcomes });
  });
});
