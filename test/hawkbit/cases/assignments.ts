/** What a server may assign besides "now": for a window, only to be fetched, or once somebody has confirmed it. */
import { expect } from 'chai';
import { toldInWords } from '../../../src/words/agent/feedback.ts';
import { newImage, until, type RealFleet, type Story } from '../real-fleet.ts';

/** Quartz has years. */
const FAR_AWAY = `0 0 3 1 1 ? ${new Date().getFullYear() + 20}`;

async function offered(fleet: RealFleet, more: object): Promise<Uint8Array<ArrayBuffer>> {
  await fleet.add(1);
  const image = newImage();
  await fleet.hawkbit.assign(await fleet.hawkbit.setWith(image), fleet.idOf(0), more);
  return image;
}

const isUntouched = (fleet: RealFleet): boolean => fleet.deviceAt(0).requests.every(({ method }) => method === 'GET');

/** A tenant that wants each action confirmed, for as long as `work` takes. */
async function withConfirmation(fleet: RealFleet, work: () => Promise<void>): Promise<void> {
  const key = '/system/configs/user.confirmation.flow.enabled';
  await fleet.hawkbit.ask('PUT', key, { value: true });
  try {
    await work();
  } finally {
    await fleet.hawkbit.ask('PUT', key, { value: false });
  }
}

export function assignments(story: Story): void {
  story('fetch what is only to be downloaded, and touch no device', async (fleet) => {
    await offered(fleet, { type: 'downloadonly' });
    fleet.start();
    expect((await fleet.ended(0)).status).to.equal('downloaded');
    expect(isUntouched(fleet)).to.equal(true);
  });

  story('wait for a maintenance window, say so, and let it be cancelled meanwhile', async (fleet) => {
    await offered(fleet, { maintenanceWindow: { schedule: FAR_AWAY, duration: '01:00:00', timezone: '+00:00' } });
    fleet.start();
    const [waits] = toldInWords({ kind: 'waits', why: 'window' });
    await until('its word', async () =>
      (await fleet.entriesOf(0)).some(({ messages }) => messages.includes(waits ?? '')),
    );
    await fleet.agree();
    await fleet.cancel(0);
    expect((await fleet.ended(0)).status).to.equal('canceled');
    expect(isUntouched(fleet)).to.equal(true);
  });

  story('leave it to a person to confirm, and update once somebody has', async (fleet) => {
    await withConfirmation(fleet, async () => {
      const image = await offered(fleet, { confirmationRequired: true });
      fleet.start();
      await until('its word', () => fleet.said.includes('is waiting to be confirmed'));
      await fleet.agree();
      expect(isUntouched(fleet)).to.equal(true);
      const [action] = await fleet.hawkbit.actionsOf(fleet.idOf(0));
      const path = `/targets/${fleet.idOf(0)}/actions/${action?.id}/confirmation`;
      await fleet.hawkbit.ask('PUT', path, { confirmation: 'confirmed' });
      expect((await fleet.ended(0)).status).to.equal('finished');
      expect(fleet.runs(0, image)).to.equal(true);
    });
  });

  story('confirm by itself where it was told to', async (fleet) => {
    await withConfirmation(fleet, async () => {
      const image = await offered(fleet, { confirmationRequired: true });
      fleet.start({ more: ['--confirm'] });
      expect((await fleet.ended(0)).status).to.equal('finished');
      expect(fleet.runs(0, image)).to.equal(true);
    });
  });
}
