/** The agent is killed, the server is gone for a while, or does not know the agent. */
import { expect } from 'chai';
import { IMAGE_BYTES, newImage, until, type RealFleet, type Story } from '../real-fleet.ts';

type Device = ReturnType<RealFleet['deviceAt']>;

const PHASES: readonly (readonly [string, (device: Device) => boolean])[] = [
  ['before it begins', () => true],
  ['in the middle', ({ session }) => (session?.written ?? 0) > IMAGE_BYTES / 4],
  ['after the last byte', ({ session, away }) => (session?.written ?? 0) >= IMAGE_BYTES || away],
];

export function disturbances(story: Story): void {
  for (const [phase, isIn] of PHASES) {
    story(`end an update once whose agent was killed ${phase}`, async (fleet) => {
      await fleet.add(1, () => ({
        awayMs: 1_500,
        costs: { eraseMsPerBlock: 10, programMsPerBlock: 10, roundTripMs: 0 },
      }));
      const image = newImage();
      await fleet.hawkbit.assign(await fleet.hawkbit.setWith(image), fleet.idOf(0));
      fleet.start();
      await until('the phase', () => isIn(fleet.deviceAt(0)));
      await fleet.end('SIGKILL');
      fleet.start();
      expect((await fleet.ended(0)).status).to.equal('finished');
      expect(fleet.runs(0, image)).to.equal(true);
    });
  }

  story('go on through a restart of the server', async (fleet) => {
    await fleet.add(1, () => ({ costs: { eraseMsPerBlock: 20, programMsPerBlock: 20, roundTripMs: 0 } }));
    const image = newImage();
    await fleet.hawkbit.assign(await fleet.hawkbit.setWith(image), fleet.idOf(0));
    fleet.start();
    await until('the first chunks', () => (fleet.deviceAt(0).session?.written ?? 0) > 0);
    await fleet.hawkbit.restart();
    expect((await fleet.ended(0)).status).to.equal('finished');
    expect(fleet.runs(0, image)).to.equal(true);
  });

  story('leave devices alone where the token is wrong', async (fleet) => {
    await fleet.add(1);
    await fleet.hawkbit.assign(await fleet.hawkbit.setWith(newImage()), fleet.idOf(0));
    fleet.start({ token: 'another-token' });
    await until('a word about the token', () => fleet.said.includes('does not accept the token'));
    expect(fleet.deviceAt(0).requests.every(({ method }) => method === 'GET')).to.equal(true);
    const [action] = await fleet.hawkbit.actionsOf(fleet.idOf(0));
    expect(action?.active).to.equal(true);
  });
}
