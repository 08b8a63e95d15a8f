import { expect } from 'chai';
import { atom } from 'nanostores';
import type { Activity } from '../../../src/model/page/activity.ts';
import type { ActivityState } from '../../../src/state/activity/activity-state.ts';
import { StatusBar, type StatusBarParts } from '../../../src/ui/shell/status-bar.ts';
import type { RouteName } from '../../../src/ui/shell/routes.ts';
import { findings, wear } from '../axe.ts';
import { button, press, until } from '../finding.ts';

type Running = Extract<Activity, { kind: 'running' }>;
type Ended = Extract<Activity, { kind: 'ended' }>;

const RUNNING: Running = {
  kind: 'running',
  subject: { kind: 'device', name: 'Kitchen sensor' },
  ...{ done: 0, of: 1, percent: 43, secondsLeft: 12, step: 'Writing', isHeld: false, watch: null },
};
const UPDATED: Ended = {
  kind: 'ended',
  subject: { kind: 'device', name: 'Kitchen sensor' },
  ...{
    of: 1,
    well: 1,
    unproven: 0,
    failed: 0,
    skipped: 0,
    notStarted: 0,
    outcome: 'updated',
    standing: '',
    watch: null,
  },
};
const FAILED: Ended = { ...UPDATED, well: 0, failed: 1, outcome: 'failed' };

describe('The status bar', () => {
  const $activity = atom<Activity>({ kind: 'idle', watch: null });
  const $offersNotification = atom(false);
  const pressed: string[] = [];
  const made = {
    ...{ $activity, $offersNotification },
    askForNotification: async () => void pressed.push('ask'),
    dismiss: () => void pressed.push('dismiss'),
  };
  /** A page has a place and its heading above the bar. */
  const place = document.createElement('main');
  place.append(document.createElement('h1'));
  let bar: StatusBar;

  beforeEach(async () => {
    pressed.length = 0;
    $activity.set({ kind: 'idle', watch: null });
    $offersNotification.set(false);
    bar = new StatusBar();
    const app: StatusBarParts = { activity: async () => made as unknown as ActivityState };
    bar.app = app;
    place.children[0]?.replaceChildren('History');
    document.body.append(place, bar);
    await bar.updateComplete;
  });
  afterEach(() => {
    bar.remove();
    place.remove();
  });

  async function shows(activity: Activity, route: RouteName = 'history'): Promise<string> {
    bar.route = route;
    $activity.set(activity);
    await until('the activity', () => bar.activity === activity);
    await bar.updateComplete;
    return section().textContent.replaceAll(/\s+/g, ' ').trim();
  }

  function section(): HTMLElement {
    const found = bar.shadowRoot?.querySelector('section');
    if (!found) throw new Error('there is no bar');
    return found;
  }

  const spoken = (): string | undefined => bar.shadowRoot?.querySelector('[role=status]')?.textContent.trim();
  const open = (): string | null | undefined => bar.shadowRoot?.querySelector('a')?.getAttribute('href');

  it('is not there while nothing runs', () => {
    expect(section().checkVisibility()).to.equal(false);
  });

  it('says what runs, how far it is and how long it still takes, and leads there', async () => {
    expect(await shows(RUNNING)).to.equal('Kitchen sensor 43 %, 12 s left Open');
    expect(open()).to.equal('#/devices');
    expect(await shows({ ...RUNNING, subject: { kind: 'rollout' }, of: 12, done: 3 })).to.include('3 of 12 done, 43 %');
    expect(open()).to.equal('#/rollout');
  });

  it('leads nowhere on the place itself', async () => {
    await shows(RUNNING, 'devices');
    expect(open()).to.equal(undefined);
  });

  it('says nothing aloud while it runs: each percent would be heard', async () => {
    await shows(RUNNING);
    expect(spoken()).to.equal('');
  });

  it('says the end aloud, but where the card or the rollout does', async () => {
    await shows(FAILED);
    expect(spoken()).to.equal('Failed ✗ Kitchen sensor');
    await shows(RUNNING, 'devices');
    await shows(FAILED, 'devices');
    expect(spoken()).to.equal('');
    const rollout = { kind: 'rollout' } as const;
    for (const [subject, route, said] of [
      [rollout, 'rollout', ''],
      [rollout, 'devices', 'Updated ✓'],
      [UPDATED.subject, 'rollout', 'Updated ✓ Kitchen sensor'],
    ] as const) {
      await shows({ ...RUNNING, subject }, route);
      await shows({ ...UPDATED, subject }, route);
      expect(spoken(), `${subject.kind} on ${route}`).to.equal(said);
    }
  });

  it('does not repeat an end that its place has said, wherever one goes then', async () => {
    await shows(RUNNING, 'devices');
    await shows(UPDATED, 'devices');
    bar.route = 'history';
    await bar.updateComplete;
    expect(spoken()).to.equal('');
    await shows({ ...UPDATED }, 'history');
    expect(spoken()).to.equal('');
  });

  it('tells how it ended, in words, by a shape and by its ground, until it is closed', async () => {
    expect(await shows(UPDATED)).to.equal('Updated ✓ Kitchen sensor Open Close');
    expect(section().querySelector('.good > .icon')).not.to.equal(null);
    expect(await shows(FAILED)).to.equal('Failed ✗ Kitchen sensor Open Close');
    expect(section().querySelector('.bad > .icon')).not.to.equal(null);
    await press('Close', bar.shadowRoot ?? bar);
    expect(pressed).to.deep.equal(['dismiss']);
  });

  it('offers a notification quietly, and lets the browser ask only from a press', async () => {
    await shows(RUNNING);
    $offersNotification.set(true);
    await button('Notify me at the end', bar.shadowRoot ?? bar);
    expect(pressed).to.deep.equal([]);
    await press('Notify me at the end', bar.shadowRoot ?? bar);
    expect(pressed).to.deep.equal(['ask']);
  });

  it('tells what the watched file does, also where nothing else runs', async () => {
    const watch = { name: 'build.bin', event: { kind: 'held' } } as const;
    expect(await shows({ kind: 'idle', watch })).to.equal('A new build of build.bin waits for the update to end. Open');
    expect(open()).to.equal('#/firmware');
    expect(await shows({ ...RUNNING, watch }))
      .to.include('43 %')
      .and.to.include('build.bin');
  });

  it('keeps its height while its words change', async () => {
    const height = async (activity: Activity): Promise<number> => {
      await shows(activity);
      return bar.offsetHeight;
    };
    const before = await height(RUNNING);
    expect(await height({ ...RUNNING, percent: 99, step: 'Restarting', secondsLeft: null })).to.equal(before);
    expect(await height(UPDATED)).to.equal(before);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds, ${theme}`, async () => {
      wear(theme);
      for (const activity of [RUNNING, { ...RUNNING, isHeld: true }, UPDATED, FAILED]) {
        await shows(activity);
        expect(await findings()).to.deep.equal([]);
      }
      wear('light');
    });
  }
});
