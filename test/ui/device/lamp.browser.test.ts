/** A WLED lamp on the page: found while its address is typed, judged, and updated in one piece. */
import { expect } from 'chai';
import { probeWholeByAnyRoute } from '../../../src/device/whole-image/open-whole.ts';
import { uploadByXhr } from '../../../src/page/upload.ts';
import { pageClock } from '../../../src/page/clock.ts';
import { onNthOf } from '../../../src/simulator/whole/faults.ts';
import { handlersFor } from '../../../src/simulator/msw-handlers.ts';
import { withBuild } from '../../../src/simulator/wled/metadata.ts';
import { wledImage } from '../../../src/simulator/wled/options.ts';
import { SimulatedWled } from '../../../src/simulator/wled/simulated-wled.ts';
import type { AskSelf } from '../../../src/state/device/check/ask-self.ts';
import { buildApp, resealed } from '../../firmware/image-builder.ts';
import { all, button, card, chooseFile, field, fill, press, status, until } from '../finding.ts';
import { usePage, useWorker } from '../opened.ts';

const ADDRESS = 'lamp.test:80';
const ORIGIN = 'http://lamp.test';

const imageOf = (release: string) => {
  const app = buildApp({ python: false, strings: ['.'.repeat(300)], sizeBytes: 65_536 });
  return resealed(withBuild(app, { version: '16.0.1', release }));
};

/** As the real page asks, over the worker. */
const overTheWire: AskSelf = async ({ origin }, signal) => {
  const deps = { fetch: (url: string, init: RequestInit) => fetch(url, init), clock: pageClock };
  const found = await probeWholeByAnyRoute(origin, null, signal, { ...deps, permission: async () => 'none' });
  if (found === null || found === 'nobody') return null;
  return { isViper: false, title: null, version: null, otas: [], other: { ...found, origin } };
};

describe('A WLED lamp on the page', () => {
  const worker = useWorker();
  const page = usePage();
  let lamp: SimulatedWled;

  const device = () => page.app.devices.$devices.get()[0];
  const check = () => page.app.checks.$check(device()?.id ?? '').get();

  async function added(options: ConstructorParameters<typeof SimulatedWled>[0] = {}, pin = ''): Promise<void> {
    lamp = new SimulatedWled({ name: 'Hall', awayMs: 50, ...options });
    worker.resetHandlers(...handlersFor(lamp, ORIGIN));
    await page.open({ askSelf: overTheWire });
    await press('Add device');
    await fill('Address', ADDRESS);
    (await field('Address')).dispatchEvent(new Event('change'));
    await until('a word of it', () => all('dialog p[role=status]')[0]?.textContent.trim());
    if (pin !== '') await fill('PIN', pin);
    await press('Save');
    await card('Hall');
  }

  it('is found and named by itself, with its PIN in the place of a token', async () => {
    await added({ pin: '1234' }, '1234');
    expect(device()).to.include({ name: 'Hall', dialect: 'wled', protocol: 'automatic', origin: ORIGIN });
    const told = await until('what it is', () => {
      const view = check();
      return view.kind === 'answered' && view.identity;
    });
    expect(told).to.include({ version: '16.0.0', release: 'ESP32', chip: 'esp32' });
    expect(device()?.chipId, 'its own word').to.equal(0);
  });

  it('is asked below “More settings” for nothing that only ViperHTTP has', async () => {
    await added();
    await press('Add device');
    await fill('Address', 'other.test');
    (await until('more settings', () => all('dialog[open] summary')[0])).click();
    const labels = (): readonly string[] => all('dialog[open] label').map(({ textContent }) => textContent.trim());
    await until('the path', () => labels().includes('Update path'));
    (await field('WLED')).click();
    await until('no path', () => !labels().includes('Update path'));
    expect(labels()).to.include('Chip').and.not.include('Token header (as shipped only)').and.not.include('Password');
    (await field('ViperHTTP as shipped')).click();
    await until('the path again', () => labels().includes('Update path'));
  });

  it('says which version it reports, and nothing of a token that it has not', async () => {
    await added();
    const said = await until('the version', () => {
      const words = all('device-card')[0]?.shadowRoot?.textContent.replaceAll(/\s+/g, ' ');
      return words?.includes('Reports version 16.0.0.') === true && words;
    });
    expect(said).not.to.contain('Version unknown');
    await chooseFile('WLED_16.0.1_ESP32.bin', imageOf('ESP32'));
    await button('Update');
    expect(all('device-fit')[0]?.shadowRoot?.textContent.trim()).to.equal('');
  });

  it('is updated to what the file says, and its card says so', async () => {
    await added();
    await chooseFile('WLED_16.0.1_ESP32.bin', imageOf('ESP32'));
    await press('Update', await card('Hall'));
    expect(await status('Hall', 'Updated')).to.match(/restarted and runs WLED 16\.0\.1 \(ESP32\) now/);
    expect(lamp.runningImage).to.deep.equal(imageOf('ESP32'));
  });

  it('does not get another release unasked', async () => {
    await added();
    await until('its answer', () => check().kind === 'answered');
    await chooseFile('WLED_16.0.1_ESP32_Ethernet.bin', imageOf('ESP32_Ethernet'));
    const fit = () => page.app.fits.$fits.get().get(device()?.id ?? '');
    const said = await until('why not', () => fit()?.misfit?.finding);
    expect(said).to.deep.equal({ reason: 'other-release', device: 'ESP32', file: 'ESP32_Ethernet' });
    expect(lamp.uploads).to.have.length(0);
  });

  it('is restarted first where the person presses that, since it keeps a half upload', async () => {
    await added({ firmware: wledImage({ version: '0.15.1', release: 'ESP32' }) });
    await chooseFile('WLED_16.0.1_ESP32.bin', imageOf('ESP32'));
    // What came of an upload that was cut off is seen by the lamp's own uptime.
    lamp.fault = onNthOf('update', 1, { kind: 'drop', when: { bytes: 1000 } });
    await press('Update', await card('Hall'));
    await status('Hall', 'Failed');
    await press('Update', await card('Hall'));
    await button('Restart and update', await card('Hall'));
    await press('Restart and update', await card('Hall'));
    await status('Hall', 'Updated');
    expect(lamp.appended).to.equal(0);
  });

  describe('An upload by XMLHttpRequest', () => {
    it('sends every part in its order, and answers whatever the status', async () => {
      const lamp = new SimulatedWled({ otherSubnet: true });
      worker.resetHandlers(...handlersFor(lamp, ORIGIN));
      const text = (words: string) => new TextEncoder().encode(words);
      const answer = await uploadByXhr({
        ...{
          url: `${ORIGIN}/update`,
          contentType: 'multipart/form-data; boundary=b',
          signal: new AbortController().signal,
        },
        parts: [
          text('--b\r\nContent-Disposition: form-data; name="update"\r\n\r\n'),
          text('bytes'),
          text('\r\n--b--\r\n'),
        ],
        onSent: () => undefined,
      });
      expect(answer).to.include({ status: 401, contentType: 'text/html' });
      expect(answer.text).to.include('not on local subnet');
    });

    it('rejects where no answer comes, and at once where it is given up', async () => {
      worker.resetHandlers(...handlersFor(new SimulatedWled({ awayMs: 0 }), ORIGIN));
      const request = (signal: AbortSignal) => ({
        ...{ url: `${ORIGIN}/update`, contentType: 'multipart/form-data; boundary=b', parts: [], signal },
        onSent: () => undefined,
      });
      const errors: unknown[] = [];
      for (const signal of [AbortSignal.abort(), AbortSignal.timeout(0)])
        errors.push(await uploadByXhr(request(signal)).catch((error: unknown) => error));
      for (const error of errors) expect(error).to.be.instanceOf(TypeError);
    });
  });
});
