/** One device, and one update after another. */
import { expect } from 'chai';
import { AGENT_CODES } from '../../../src/model/agent/agent-codes.ts';
import { bootsNoNew, newImage, until, type RealFleet, type Story } from '../real-fleet.ts';

const DAY_MS = 86_400_000;

async function assignNew(fleet: RealFleet): Promise<Uint8Array<ArrayBuffer>> {
  const image = newImage();
  await fleet.hawkbit.assign(await fleet.hawkbit.setWith(image), fleet.idOf(0));
  return image;
}

export function updates(story: Story): void {
  story('update what is assigned, and the server says what runs', async (fleet) => {
    await fleet.add(1);
    fleet.start();
    const image = await assignNew(fleet);
    expect((await fleet.ended(0)).status).to.equal('finished');
    expect(fleet.runs(0, image)).to.equal(true);
    const attributes = await until('attributes', async () => {
      const path = `/targets/${fleet.idOf(0)}/attributes`;
      const told = (await fleet.hawkbit.ask('GET', path)) as Record<string, string> | null;
      return told?.['firmware.slot'] === 'ota_1' ? told : null;
    });
    expect(attributes).to.include({ 'device.name': 'Device 0', 'device.chip': 'ESP32' });
  });

  story('say of an image that does not start that it failed', async (fleet) => {
    await fleet.add(1, () => ({ boots: bootsNoNew }));
    fleet.start();
    const image = await assignNew(fleet);
    expect((await fleet.ended(0)).status).to.equal('error');
    expect(fleet.runs(0, image)).to.equal(false);
    const [last] = await fleet.entriesOf(0);
    expect(last?.code).to.equal(AGENT_CODES['rolled-back']);
  });

  story('touch no device for a file that is damaged, and update once it is whole', async (fleet) => {
    const { hawkbit } = fleet;
    await fleet.add(1);
    const image = newImage();
    const set = await hawkbit.setWith(image);
    hawkbit.turnByteOf(image);
    await hawkbit.assign(set, fleet.idOf(0));
    fleet.start();
    expect((await fleet.ended(0)).status).to.equal('error');
    const [last] = await fleet.entriesOf(0);
    expect(last?.code).to.equal(AGENT_CODES.damaged);
    expect(last?.messages.join(' ')).to.include('its SHA-256 was never the one that the server names');
    expect(fleet.deviceAt(0).requests.every(({ method }) => method === 'GET')).to.equal(true);
    await fleet.agree();

    hawkbit.turnByteOf(image);
    await hawkbit.assign(set, fleet.idOf(0));
    const again = await fleet.ended(0);
    expect(again.status).to.equal('finished');
    expect(fleet.runs(0, image)).to.equal(true);
  });

  story('say what runs also where the clock of the machine went back', async (fleet) => {
    await fleet.add(1);
    fleet.start();
    await assignNew(fleet);
    expect((await fleet.ended(0)).status).to.equal('finished');
    await fleet.end('SIGTERM');
    fleet.start({ behindMs: DAY_MS });
    const image = await assignNew(fleet);
    expect((await fleet.ended(0)).status).to.equal('finished');
    expect(fleet.runs(0, image)).to.equal(true);
  });
}
