import { expect } from 'chai';
import { http, HttpResponse } from 'msw';
import { packed } from '../../src/model/device/secrets/secrets.ts';
import { handlersFor } from '../../src/simulator/msw-handlers.ts';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { buildApp } from '../firmware/image-builder.ts';
import { aDevice } from '../storage/samples.ts';
import { listen } from './aloud.ts';
import { all, card, chooseFile, press, status, until } from './finding.ts';
import { addDevice, useOpenPage, useWorker } from './opened.ts';
import { serve } from './page.ts';

const TOKEN = 'cd'.repeat(32);
const IMAGE = buildApp({ sizeBytes: 256 * 1024 });

describe('What a screen reader says by itself', () => {
  const worker = useWorker();
  const page = useOpenPage();

  it('is the first try after a loss, and that the update continues, but none of the tries between', async () => {
    const device = new SimulatedDevice({ token: TOKEN, slotBytes: 128 * 4096, awayMs: 10 });
    serve(worker, device);
    await addDevice(TOKEN);
    await chooseFile('kitchen.bin', IMAGE);
    let lost = 0;
    device.fault = ({ route, nth }) => {
      const isLost = (route === 'chunk' && nth === 12) || (lost > 0 && lost < 6 && route !== 'preflight');
      if (isLost) lost += 1;
      return isLost ? { kind: 'drop', when: 'before' } : null;
    };
    const aloud = listen();
    await press('Update', await card('Kitchen sensor'));
    await status('Kitchen sensor', 'Updated');
    aloud.stop();
    expect(lost).to.equal(6);
    const writing = aloud.said.indexOf('Writing');
    expect(aloud.said.slice(writing, aloud.said.indexOf('Verifying on the device'))).to.deep.equal([
      'Writing',
      'Trying again. No answer: it is off, restarting or out of range.',
      'Writing. The update continues.',
    ]);
    expect(aloud.said.at(-1)).to.match(/^Updated\. Kitchen sensor runs/);
  });

  it('is one sentence when many devices are checked, and one when all of them were', async () => {
    const devices = Array.from({ length: 12 }, (_, at) =>
      aDevice({ id: `d${at}`, name: `Sensor ${at}`, typed: `d${at}.test`, origin: `http://d${at}.test:8080` }),
    );
    await page.app.devices.saveAll(
      devices,
      new Map(devices.map(({ id }) => [id, packed({ token: TOKEN, login: null }) ?? ''])),
    );
    await until('the list', () => all('device-row').length === devices.length);
    worker.resetHandlers(
      ...devices.slice(0, 10).flatMap(({ origin }) => handlersFor(new SimulatedDevice({ token: TOKEN }), origin)),
      ...devices.slice(10).map(({ origin }) => http.all(`${origin}/*`, () => HttpResponse.error())),
    );
    const aloud = listen();
    await press('Check all');
    await until('the end', () => aloud.said.some((words) => words.startsWith('Checked')));
    aloud.stop();
    expect(aloud.said).to.deep.equal(['Checking 12 devices.', 'Checked 12 devices: 10 online, 2 gave no answer.']);
    await until('the devices that need attention', () =>
      all('button').some((each) => each.textContent === '2 devices need attention'),
    );
  });
});
