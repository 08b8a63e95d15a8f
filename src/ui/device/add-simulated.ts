import type { App } from '../../state/app.ts';
import { DEFAULT_PREFIX, DEFAULT_TOKEN_HEADER } from '../../state/device/devices.ts';

export type AddSimulatedParts = Pick<App, 'checks' | 'devices' | 'firmware' | 'host'>;

/**
 * Saves the simulated devices of the host that are not saved yet, asks each how it is, and brings firmware to send where
 * none is chosen: one tap more, and an update runs.
 */
export async function addSimulated({ host, devices, checks, firmware }: AddSimulatedParts): Promise<void> {
  for (const { name, address, token } of host.$offers.get().simulated) {
    if (devices.$devices.get().some(({ typed }) => typed === address)) continue;
    const saved = await devices.save({
      name,
      address,
      token,
      keepPlain: false,
      protocol: 'automatic',
      prefix: DEFAULT_PREFIX,
      tokenHeader: DEFAULT_TOKEN_HEADER,
      chipId: null,
    });
    if (saved.saved) void checks.check(saved.device.id);
  }
  if (firmware.$chosen.get().kind !== 'none') return;
  const sample = await host.sample();
  // A file that the person chose while the sample was on its way is the one to send.
  if (sample !== null && firmware.$chosen.get().kind === 'none') await firmware.choose([sample]);
}
