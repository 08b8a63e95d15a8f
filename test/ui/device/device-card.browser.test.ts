import { expect } from 'chai';
import { pageClock } from '../../../src/page/clock.ts';
import { RemovalsState } from '../../../src/state/removals.ts';
import { DeviceCard, type DeviceCardParts } from '../../../src/ui/device/device-card.ts';
import { aDevice } from '../../storage/samples.ts';
import { button, press, until } from '../finding.ts';
import { makeStores } from '../stores.ts';

describe('A card', () => {
  const card = new DeviceCard();

  afterEach(() => card.remove());

  /** With what its type asks for and nothing else: a store that it draws from without saying so is not there. */
  async function mount(changes: Partial<DeviceCardParts> = {}): Promise<DeviceCardParts> {
    const { checks, devices, doctor, firmware, host, library, notices, questions, recorder, updates } = makeStores();
    const setup = { newToken: () => '', linesFor: () => '', chips: [], secure: true };
    const app: DeviceCardParts = {
      checks,
      devices,
      doctor,
      firmware,
      host,
      library,
      questions,
      recorder,
      removals: new RemovalsState(notices, pageClock),
      setup,
      updates,
    };
    card.app = { ...app, ...changes };
    card.device = aDevice({ name: 'Kitchen sensor', typed: '192.168.1.50' });
    document.body.append(card);
    await until('the card', () => card.shadowRoot?.querySelector('h2'));
    return app;
  }

  const text = (): string => card.shadowRoot?.querySelector('article')?.textContent.replaceAll(/\s+/g, ' ') ?? '';

  it('is drawn from the stores that it asks for, without a page around it', async () => {
    await mount();
    expect(text()).to.include('Kitchen sensor').and.to.include('192.168.1.50');
    await button('Check', card.shadowRoot?.querySelector('device-check')?.shadowRoot ?? card);
  });

  it('asks before its device is removed', async () => {
    const { questions } = await mount();
    await press('Remove', card.shadowRoot ?? card);
    expect(questions.$question.get()).to.deep.equal({ kind: 'remove-device', device: card.device });
  });

  it('offers nothing that opens over the page where there is no recorder', async () => {
    await mount({ recorder: null });
    expect(text()).to.include('Edit').and.not.to.include('More');
  });
});
