import { expect } from 'chai';
import { http, HttpResponse } from 'msw';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import type { SelfTold } from '../../../src/model/device/self-told.ts';
// Listened to from the first word on: it is loaded with the first device.
import '../../../src/ui/device/card/device-card.ts';
import { listen } from '../aloud.ts';
import { all, press, until } from '../finding.ts';
import { addDevice, usePage, useWorker } from '../opened.ts';
import { ADDRESS, ORIGIN, serve } from '../page.ts';

const TOKEN = 'cd'.repeat(32);
const PROGRAM: SelfTold = { isViper: true, title: 'Greenhouse', version: '1.0.0', otas: [] };

describe('Of a check, a screen reader', () => {
  const worker = useWorker();
  const page = usePage();

  it('hears the answer once, and not anew with the device’s program, which comes later', async () => {
    let tell = (_: SelfTold): void => undefined;
    const told = new Promise<SelfTold>((resolve) => (tell = resolve));
    await page.open({ askSelf: () => told });
    serve(worker, new SimulatedDevice({ token: TOKEN }));
    const aloud = listen();
    const card = await addDevice(TOKEN);
    await until('the answer', () => aloud.said.includes('Online.'));
    tell(PROGRAM);
    const shown = (): string => all('[role=status]', card)[0]?.textContent ?? '';
    await until('the program', () => shown().includes('Greenhouse'));
    await press('Check', card);
    await until('the second answer', () => aloud.said.length > 2 && shown().includes('Greenhouse'));
    aloud.stop();
    expect(aloud.said).to.deep.equal(['Checking the device…', 'Online.', 'Checking the device…', 'Online.']);
  });

  it('hears one reason why nothing came of it', async () => {
    await page.open({
      finding: { kind: 'no-answer', gatewaySaid: null, host: ADDRESS, remedy: { kind: 'try-again' } },
    });
    worker.resetHandlers(http.all(`${ORIGIN}/*`, () => HttpResponse.error()));
    const aloud = listen();
    await addDevice(TOKEN);
    const reason = await until('the reason', () => all('.found p')[0]?.textContent);
    aloud.stop();
    expect(aloud.said).to.deep.equal([
      'Checking the device…',
      'The device can’t be reached.',
      'Finding out why…',
      aloud.said.at(-1),
    ]);
    expect(aloud.said.at(-1)).to.contain(reason);
  });
});
