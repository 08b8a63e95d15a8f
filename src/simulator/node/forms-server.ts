/** Simulated devices with an upload page on real sockets. Node only. */
import { realisticCosts } from '../clock.ts';
import { formImage, type FormOptions } from '../forms/options.ts';
import { SimulatedForm } from '../forms/simulated-form.ts';
import { serveWholeSomewhere } from './whole-server.ts';

/** One of each usual kind. */
const ON_THE_SHELF: readonly Partial<FormOptions>[] = [
  { name: 'Shelf sketch', kind: 'update-server', wantsOrigin: true },
  { name: 'Shelf ESP8266', kind: 'update-server', chip: 'ESP8266' },
  { name: 'Shelf ESPEasy', kind: 'espeasy', firmware: formImage(2_000, 'ESP_Easy_mega_20241019_normal_ESP32_4M316k') },
  { name: 'Shelf ElegantOTA', kind: 'elegant-3' },
];

type Start = (
  port: number,
  orAnyPort: boolean,
) => Promise<{ readonly name: string; readonly origin: string; readonly token: string; close(): Promise<void> }>;

/** Starts each of them, as `startLamp` does. */
export const START_FORMS: readonly Start[] = ON_THE_SHELF.map((options) => async (port, orAnyPort) => {
  const device = new SimulatedForm({ ...options, costs: realisticCosts });
  const served = await serveWholeSomewhere(device, port, orAnyPort);
  return { name: device.options.name, origin: served.origin, token: '', close: () => served.close() };
});
