/** The server wants an update to end, in each of its phases. */
import { expect } from 'chai';
import { toldInWords } from '../../../src/words/agent/feedback.ts';
import { bootsNoNew, newImage, until, type Story } from '../real-fleet.ts';

/** Several polls long: the wish is to come while the device restarts. */
const RESTART_MS = 8_000;

export function cancels(story: Story): void {
  story('cancel before it begins', async (fleet) => {
    await fleet.add(1);
    const image = newImage();
    await fleet.hawkbit.assign(await fleet.hawkbit.setWith(image), fleet.idOf(0));
    await fleet.cancel(0);
    fleet.start();
    expect((await fleet.ended(0)).status).to.equal('canceled');
    expect(fleet.runs(0, image)).to.equal(false);
  });

  story('cancel in the middle', async (fleet) => {
    await fleet.add(1, () => ({ costs: { eraseMsPerBlock: 20, programMsPerBlock: 20, roundTripMs: 0 } }));
    const image = newImage();
    fleet.start();
    await fleet.hawkbit.assign(await fleet.hawkbit.setWith(image), fleet.idOf(0));
    await until('the first chunks', () => (fleet.deviceAt(0).session?.written ?? 0) > 0);
    await fleet.cancel(0);
    const action = await fleet.ended(0);
    expect(action.status === 'finished').to.equal(fleet.runs(0, image));
    if (action.status === 'canceled') expect(fleet.deviceAt(0).session).to.equal(null);
  });

  for (const [how, boots] of [
    ['that it runs', () => true],
    ['that it does not start', bootsNoNew],
  ] as const) {
    story(`cancel after the last byte: refuse it in words, then say ${how}`, async (fleet) => {
      await fleet.add(1, () => ({ awayMs: RESTART_MS, boots }));
      const image = newImage();
      fleet.start();
      await fleet.hawkbit.assign(await fleet.hawkbit.setWith(image), fleet.idOf(0));
      await until('the restart', () => fleet.deviceAt(0).away);
      await fleet.cancel(0);
      const action = await fleet.ended(0);
      const isNew = boots(image);
      expect(action.status).to.equal(isNew ? 'finished' : 'error');
      expect(fleet.runs(0, image)).to.equal(isNew);
      const entries = (await fleet.entriesOf(0)).toReversed();
      const refused = entries.findIndex(({ type }) => type === 'cancel_rejected');
      expect(entries[refused]?.messages).to.include.members([
        ...toldInWords({ kind: 'not-cancelled', why: 'too-late' }),
      ]);
      expect(entries.findIndex(({ type }) => type === action.status)).to.be.greaterThan(refused);
    });
  }
}
