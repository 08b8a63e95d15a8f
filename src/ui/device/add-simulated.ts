import type { App } from '../../state/app.ts';
import { DEFAULT_PREFIX, DEFAULT_TOKEN_HEADER } from '../../state/device/read-form.ts';
import type { TabSimulator } from '../../model/page/page-ports.ts';
import { SAMPLE_NAME } from '../../words/device/simulated.ts';

/** The ESP32, which the sample firmware is for: in the tab there is nobody to ask. */
const SAMPLE_CHIP = 0;

/** What of the app simulated devices are added to. */
export type AddSimulatedParts = Pick<App, 'checks' | 'devices' | 'firmware' | 'host' | 'notices' | 'simulator'>;

/**
 * Saves the simulated devices that are not saved yet, asks each how it is, and brings firmware to send where none is
 * chosen: one tap more, and an update runs. They are the host's; where it has none they are made in this tab.
 */
export async function addSimulated(app: AddSimulatedParts): Promise<void> {
  const { host, devices, checks, firmware } = app;
  // A press may come before the host's answer.
  await host.asked;
  const ofHost = host.$offers.get().simulated;
  const inTab = ofHost.length > 0 ? null : await loaded(app);
  for (const { name, address, token } of inTab?.members ?? ofHost) {
    if (devices.$devices.get().some(({ typed }) => typed === address)) continue;
    const saved = await devices.save({
      name,
      address,
      token,
      keepPlain: false,
      protocol: 'automatic',
      prefix: DEFAULT_PREFIX,
      tokenHeader: DEFAULT_TOKEN_HEADER,
      chipId: inTab === null ? null : SAMPLE_CHIP,
    });
    if (saved.kind === 'saved') void checks.check(saved.device.id);
  }
  if (firmware.$chosen.get().kind !== 'none') return;
  const sample = inTab === null ? await host.sample() : new File([inTab.sample()], SAMPLE_NAME);
  // A file that the person chose while the sample was on its way is the one to send.
  if (sample !== null && firmware.$chosen.get().kind === 'none') await firmware.choose([sample]);
}

/** Null, and said so, where its code cannot be loaded: nobody who has real devices should have to keep it offline. */
async function loaded({ simulator, notices }: AddSimulatedParts): Promise<TabSimulator | null> {
  try {
    return (await simulator?.()) ?? null;
  } catch {
    // Whatever the browser says of it, it is the network that is missed.
    notices.show({ kind: 'simulator-away' });
    return null;
  }
}
