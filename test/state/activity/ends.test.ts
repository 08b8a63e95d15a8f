import { expect } from 'chai';
import { atom } from 'nanostores';
import { ActivityState } from '../../../src/state/activity/activity-state.ts';
import { tellOfEnds } from '../../../src/state/activity/ends.ts';
import type { EndedUpdate } from '../../../src/state/update/under-way.ts';
import { PerDevice } from '../../../src/state/device/per-device.ts';
import type { UpdateView } from '../../../src/state/update/update-view.ts';
import { AT_REST } from '../../../src/state/update/update-view.ts';
import type { Badge, NotificationWords, Notifier } from '../../../src/model/page/attention.ts';
import type { RolloutView } from '../../../src/model/rollout/rollout-view.ts';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import { describe as inWords } from '../../../src/words/update/describe.ts';
import { aDevice } from '../../storage/samples.ts';
import { ended, failed, file, givenState, savedDevice, writing } from '../given.ts';

const firmware = { sha256: 'ab', name: 'kitchen.bin', version: '1.4.2' };

interface Given {
  readonly permission?: Notifier['permission'];
  readonly offeredBefore?: boolean;
  readonly isLookedAt?: boolean;
}

/** A page whose updates a test begins and ends, and what reaches the person. */
function given({ permission = 'not-asked', offeredBefore = false, isLookedAt = true }: Given = {}) {
  const clock = { now: 0 };
  const views = new PerDevice<UpdateView>(AT_REST);
  const updates = {
    $running: atom<readonly string[]>([]),
    $ended: atom<readonly EndedUpdate[]>([]),
    $update: (id: string) => views.of(id),
  };
  const told = { titles: [] as (string | null)[], badges: [] as Badge[], buzzes: [] as boolean[] };
  const notified: NotificationWords[] = [];
  let asked = 0;
  let seen = (): void => undefined;
  const notifier: Notifier = {
    permission,
    ask: async () => (asked += 1) > 0,
    show: async (words) => void notified.push(words),
    offeredBefore: () => offeredBefore,
  };
  const activity = new ActivityState({
    updates,
    devices: { find: (id) => aDevice({ id, name: id }) },
    notifier,
    today: () => clock.now,
  });
  tellOfEnds({
    activity,
    notifier,
    attention: {
      showTitle: (text) => void told.titles.push(text),
      showBadge: (badge) => void told.badges.push(badge),
      vibrate: (isWell) => void told.buzzes.push(isWell),
      isLookedAt: () => isLookedAt,
      onNextSign: (act) => {
        seen = act;
        return () => (seen = () => undefined);
      },
    },
  });
  const begin = (id: string): void => {
    updates.$running.set([...updates.$running.get(), id]);
    const words = inWords(writing, { device: id, version: null });
    views.of(id).set({ kind: 'running', firmware, state: writing, words, paused: false, cancelling: false });
  };
  const end = (id: string, state: Outcome): void => {
    const words = inWords(state, { device: id, version: null });
    const agreed = { overruled: [], takeOver: null };
    const view = { kind: 'ended', firmware, state, words, agreed, at: clock.now } as const;
    updates.$ended.set([{ device: aDevice({ id, name: id }), view }, ...updates.$ended.get()]);
    views.of(id).set(view);
    updates.$running.set(updates.$running.get().filter((each) => each !== id));
  };
  const again = (id: string): void => views.of(id).set({ ...views.of(id).get() });
  return { activity, clock, told, notified, begin, end, again, asked: () => asked, seen: () => seen() };
}

describe('An end that is told from afar', () => {
  it('stays in the tab’s title until somebody has been there', () => {
    const { begin, end, told, seen } = given();
    begin('Kitchen');
    expect(told.titles.at(-1)).to.equal('50 % Kitchen · Moult');
    end('Kitchen', ended());
    expect(told.titles.at(-1)).to.equal('Updated ✓ Kitchen · Moult');
    seen();
    expect(told.titles.at(-1)).to.equal(null);
  });

  it('marks the app: a dot where all went well, else how many did not', () => {
    const { begin, end, told, seen } = given();
    begin('Kitchen');
    end('Kitchen', ended());
    expect(told.badges.at(-1)).to.equal('dot');
    seen();
    expect(told.badges.at(-1)).to.equal('none');
    begin('Kitchen');
    begin('Hall');
    end('Kitchen', failed({}));
    end('Hall', failed({}));
    expect(told.badges.at(-1)).to.equal(2);
    begin('Hall');
    expect(told.badges.at(-1)).to.equal('none');
  });

  it('vibrates once, when the last one has ended', () => {
    const { begin, end, told } = given();
    begin('Kitchen');
    begin('Hall');
    end('Kitchen', failed({}));
    expect(told.buzzes).to.deep.equal([]);
    end('Hall', ended());
    expect(told.buzzes).to.deep.equal([false]);
  });

  it('counts what ended before as another batch, and a device that was tried again once', () => {
    const { begin, end, activity } = given();
    begin('Kitchen');
    end('Kitchen', failed({}));
    begin('Hall');
    begin('Kitchen');
    end('Hall', failed({}));
    begin('Hall');
    expect(activity.$activity.get()).to.include({ kind: 'running', done: 0, of: 2 });
    end('Hall', ended());
    end('Kitchen', ended());
    expect(activity.$activity.get()).to.include({ kind: 'ended', of: 2, well: 2, failed: 0 });
  });

  it('is a notification where that is allowed, the update took long and nobody looks; its reason is the card’s', () => {
    const { begin, end, clock, notified } = given({ permission: 'granted', isLookedAt: false });
    begin('Kitchen');
    end('Kitchen', ended());
    expect(notified, 'a short one').to.deep.equal([]);
    begin('Kitchen');
    clock.now = 10_000;
    end('Kitchen', failed({}));
    expect(notified).to.deep.equal([{ title: 'Failed ✗ Kitchen', body: 'Kitchen still runs its old firmware.' }]);
  });

  it('shows no notification to a person who looks at the page', () => {
    const { begin, end, clock, notified } = given({ permission: 'granted', isLookedAt: true });
    begin('Kitchen');
    clock.now = 10_000;
    end('Kitchen', ended());
    expect(notified).to.deep.equal([]);
  });

  it('leaves the bar when the person closes it, and not while something runs', () => {
    const { activity, begin, end } = given();
    begin('Kitchen');
    activity.dismiss();
    expect(activity.$activity.get().kind).to.equal('running');
    end('Kitchen', ended());
    activity.dismiss();
    expect(activity.$activity.get().kind).to.equal('idle');
  });
});

describe('The updates of a page', () => {
  it('are one activity from the press to the end', async () => {
    const { devices, firmware: chosen, updates } = givenState();
    const device = await savedDevice(devices);
    await chosen.choose([file('kitchen.bin')]);
    const notifier: Notifier = {
      permission: 'denied',
      ask: async () => false,
      show: async () => undefined,
      offeredBefore: () => true,
    };
    const { $activity } = new ActivityState({ updates, devices, notifier, today: () => 0 });
    const seen: string[] = [];
    $activity.listen(({ kind }) => {
      if (seen.at(-1) !== kind) seen.push(kind);
    });
    await updates.start(device.id);
    expect(seen.slice(-2)).to.deep.equal(['running', 'ended']);
    expect(seen.slice(0, -2)).to.deep.equal(['idle']);
    expect($activity.get()).to.deep.include({ subject: { kind: 'device', name: device.name }, outcome: 'updated' });
    expect(updates.$running.get()).to.deep.equal([]);
  });
});

describe('A notification', () => {
  it('is offered once something takes more than ten seconds, and asked for only by a press', async () => {
    const { activity, again, asked, begin, clock, end } = given();
    begin('Kitchen');
    clock.now = 9_999;
    again('Kitchen');
    expect(activity.$offersNotification.get()).to.equal(false);
    clock.now = 10_000;
    again('Kitchen');
    expect(activity.$offersNotification.get()).to.equal(true);
    expect(asked()).to.equal(0);
    await activity.askForNotification();
    expect(asked()).to.equal(1);
    expect(activity.$offersNotification.get()).to.equal(false);
    end('Kitchen', ended());
  });

  it('is no longer offered when it has ended', () => {
    const { activity, again, begin, clock, end } = given();
    begin('Kitchen');
    clock.now = 10_000;
    again('Kitchen');
    end('Kitchen', ended());
    expect(activity.$offersNotification.get()).to.equal(false);
  });

  for (const of of [{ offeredBefore: true }, { permission: 'denied' }, { permission: 'unavailable' }] as const) {
    it(`is not offered: ${JSON.stringify(of)}`, () => {
      const { activity, again, begin, clock } = given(of);
      begin('Kitchen');
      clock.now = 10_000;
      again('Kitchen');
      expect(activity.$offersNotification.get()).to.equal(false);
    });
  }
});

describe('A rollout that is under way', () => {
  const lines = (kind: 'running' | 'waiting') => new Map([['Kitchen', { kind }] as const]);
  const view = (kind: 'running' | 'ended'): RolloutView => ({
    ...{ kind, firmware, paused: false, finishing: false },
    state: {
      phase: kind === 'ended' ? 'ended' : 'rolling',
      lines:
        kind === 'ended'
          ? new Map([['Kitchen', { kind: 'ended', outcome: 'updated', whole: null }]])
          : lines('waiting'),
      width: 1,
      stopped: null,
    },
  });

  it('runs from its first question to its end, and one that had ended before is none', () => {
    const { activity, told } = given();
    const $rollout = atom<RolloutView>(view('ended'));
    activity.followRollout($rollout);
    expect(activity.$activity.get().kind).to.equal('idle');
    $rollout.set(view('running'));
    expect(activity.$activity.get()).to.deep.include({ kind: 'running', subject: { kind: 'rollout' } });
    $rollout.set(view('ended'));
    expect(activity.$activity.get()).to.deep.include({ kind: 'ended', well: 1 });
    expect(told.titles.at(-1)).to.equal('Updated ✓ · Moult');
  });

  it('leaves the bar when it is put away', () => {
    const { activity } = given();
    const $rollout = atom<RolloutView>(view('running'));
    activity.followRollout($rollout);
    $rollout.set(view('ended'));
    $rollout.set({ kind: 'none' });
    expect(activity.$activity.get().kind).to.equal('idle');
  });
});
