import { expect } from 'chai';
import { DeviceRoute } from '../../../src/ui/device/dialog/device-route.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import type { Learned } from '../../../src/state/device/devices.ts';
import { addDevice, usePage, useWorker } from '../opened.ts';
import { serve } from '../page.ts';

describe('The route to a device, as its dialog tells it', () => {
  const worker = useWorker();
  const page = usePage();

  /** What is said of a device of which this was learned, by a page whose host has a gateway or none. */
  async function told(learned: Learned, gateway: boolean): Promise<DeviceRoute> {
    serve(worker, new SimulatedDevice({ token: 'secret' }));
    await page.open({ host: { gateway, discover: false, simulated: [] } });
    await addDevice('secret', 'Kitchen');
    const { devices, checks } = page.app;
    const id = devices.$devices.get()[0]?.id ?? '';
    await checks.idle(id);
    await devices.learn(id, { route: null, gatewayFailedAt: null });
    await devices.learn(id, learned);
    const element = new DeviceRoute();
    element.app = page.app;
    element.deviceId = id;
    page.shell.append(element);
    await element.updateComplete;
    return element;
  }
  const words = ({ renderRoot }: DeviceRoute): string =>
    [...renderRoot.querySelectorAll('p')].map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim()).join(' ');

  for (const [learned, gateway, said] of [
    [{}, true, 'The route is found at the next request.'],
    [{ route: 'direct' }, false, 'Reached directly.'],
    [{ route: 'direct' }, true, 'Reached directly. The gateway of this page’s host is tried first.'],
    [{ route: 'gateway' }, true, 'Reached through the gateway of this page’s host. This route is tried first.'],
    [
      { route: 'direct', gatewayFailedAt: Date.now() },
      true,
      'Reached directly. The gateway of this page’s host could not reach it, so the direct route is tried first for a day.',
    ],
  ] as const) {
    it(`is: “${said}”`, async () => {
      expect(words(await told(learned, gateway))).to.equal(`Uses ViperHTTP as shipped. ${said}`);
    });
  }

  it('is forgotten on a tap, and with it that the gateway failed', async () => {
    const element = await told({ route: 'direct', gatewayFailedAt: Date.now() }, true);
    element.renderRoot.querySelector('button')?.click();
    await element.updateComplete;
    expect(words(element)).to.equal('Uses ViperHTTP as shipped. The route is found at the next request.');
    expect(page.app.devices.$devices.get()[0]).to.include({ route: null, gatewayFailedAt: null });
  });
});
