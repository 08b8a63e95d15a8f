import { expect } from 'chai';
import { pageClock } from '../../../src/page/clock.ts';
import { RemovalsState } from '../../../src/state/removals.ts';
import { DeviceCard, type DeviceCardParts } from '../../../src/ui/device/card/device-card.ts';
import { aDevice } from '../../storage/samples.ts';
import type { WritableAtom } from 'nanostores';
import type { DeviceStatus, Slot } from '../../../src/model/device/link.ts';
import type { CheckView } from '../../../src/state/device/check/check-view.ts';
import { ActionMenu } from '../../../src/ui/kit/action-menu.ts';
import { all, press, until } from '../finding.ts';
import { makeStores } from '../stores.ts';

const NO_STATUS: DeviceStatus = {
  supported: true,
  session: null,
  running: null,
  boot: null,
  next: null,
  lastTaken: null,
};
const slot = (label: string): Slot => ({ label, address: null, size: 0x18_0000 });

describe('A card', () => {
  const card = new DeviceCard();

  afterEach(() => card.remove());

  /** With what its type asks for and nothing else: a store that it draws from without saying so is not there. */
  async function mount(changes: Partial<DeviceCardParts> = {}): Promise<DeviceCardParts> {
    const { checks, devices, doctor, firmware, fits, host, library, notices, questions, recorder, updates } =
      makeStores();
    const app: DeviceCardParts = {
      checks,
      devices,
      doctor,
      firmware,
      fits,
      host,
      library,
      questions,
      recorder,
      removals: new RemovalsState(notices, pageClock),
      updates,
    };
    card.app = { ...app, ...changes };
    card.device = aDevice({ name: 'Kitchen sensor', typed: '192.168.1.50' });
    document.body.append(card);
    await until('the card', () => card.shadowRoot?.querySelector('h2'));
    return app;
  }

  const text = (): string => card.shadowRoot?.querySelector('article')?.textContent.replaceAll(/\s+/g, ' ') ?? '';

  const behind = (): readonly string[] =>
    all('action-menu', card.shadowRoot ?? card).flatMap((menu) =>
      menu instanceof ActionMenu ? menu.items().map(({ label }) => label) : [],
    );

  it('is drawn from the stores that it asks for, without a page around it', async () => {
    await mount();
    expect(text()).to.include('Kitchen sensor').and.to.include('192.168.1.50');
    expect(behind()).to.deep.equal(['Check', 'History and sharing', 'Edit', 'Remove']);
  });

  it('says of its slots which one runs, which one is next, and how full, also to people who do not see them', async () => {
    const { checks } = await mount();
    const slots = (): HTMLElement | undefined => all('.slots', card.shadowRoot ?? card)[0];
    await until('nothing known', () => slots()?.getAttribute('aria-label') === 'Slots unknown');
    (checks.$check('kitchen') as WritableAtom<CheckView>).set({
      kind: 'answered',
      dialect: 'shipped',
      status: { ...NO_STATUS, running: slot('ota_0'), next: slot('ota_1') },
      note: null,
      at: 1,
    });
    await until('the slots', () => slots()?.getAttribute('aria-label') === 'ota_0 runs, 1.5 MB; ota_1 is next, 1.5 MB');
    expect(text()).to.include('Online');
  });

  it('asks before its device is removed', async () => {
    const { questions } = await mount();
    await press('Remove', card.shadowRoot ?? card);
    expect(questions.$question.get()).to.deep.equal({ kind: 'remove-device', device: card.device });
  });

  it('offers nothing that opens over the page where there is no recorder', async () => {
    await mount({ recorder: null });
    expect(behind()).to.deep.equal(['Check', 'Edit', 'Remove']);
  });
});
