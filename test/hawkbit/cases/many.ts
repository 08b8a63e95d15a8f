/** Many devices, and a rollout to some. */
import { expect } from 'chai';
import { bootsNoNew, newImage, until, type Story } from '../real-fleet.ts';

export function many(story: Story): void {
  story('update 50 of 200 targets', async (fleet) => {
    const { hawkbit } = fleet;
    const [all, some] = [200, 50];
    await fleet.add(all);
    fleet.start();
    await until('each to have polled', async () => {
      const { content } = (await hawkbit.ask('GET', `/targets?limit=500&q=${fleet.query}`)) as {
        content: { lastControllerRequestAt?: number }[];
      };
      return content.filter(({ lastControllerRequestAt = 0 }) => lastControllerRequestAt > 0).length === all;
    });
    const image = newImage();
    const set = await hawkbit.setWith(image);
    const chosen = [...fleet.devices.keys()].slice(0, some);
    for (const at of chosen) await hawkbit.assign(set, fleet.idOf(at));
    for (const at of chosen) expect((await fleet.ended(at)).status, fleet.idOf(at)).to.equal('finished');
    fleet.devices.forEach((_, at) => expect(fleet.runs(at, image), fleet.idOf(at)).to.equal(at < some));
  });

  story('pause a rollout at its threshold, and end it once it is retried', async (fleet) => {
    const { hawkbit, devices } = fleet;
    let isBroken = true;
    await fleet.add(4, () => ({ boots: (image) => !isBroken || bootsNoNew(image) }));
    fleet.start();
    const image = newImage();
    const set = await hawkbit.setWith(image);
    const rollout = (await hawkbit.ask('POST', '/rollouts', {
      ...{ name: fleet.idOf(0), distributionSetId: set, targetFilterQuery: fleet.query },
      ...{ amountGroups: 2, type: 'forced' },
      successCondition: { condition: 'THRESHOLD', expression: '50' },
      successAction: { action: 'NEXTGROUP', expression: '' },
      errorCondition: { condition: 'THRESHOLD', expression: '30' },
      errorAction: { action: 'PAUSE', expression: '' },
    })) as { id: number };
    const statusOf = async (id: number): Promise<string> =>
      ((await hawkbit.ask('GET', `/rollouts/${id}`)) as { status: string }).status;
    const actions = () => Promise.all(devices.map(async (_, at) => (await hawkbit.actionsOf(fleet.idOf(at)))[0]));
    await until('"ready"', async () => (await statusOf(rollout.id)) === 'ready');
    await hawkbit.ask('POST', `/rollouts/${rollout.id}/start`);
    await until('the pause', async () => (await statusOf(rollout.id)) === 'paused');
    // The second group was not begun.
    expect((await actions()).filter((action) => action?.status === 'error').length).to.be.within(1, 2);
    devices.forEach((_, at) => expect(fleet.runs(at, image)).to.equal(false));
    isBroken = false;
    await hawkbit.ask('POST', `/rollouts/${rollout.id}/resume`);
    await until('the second group', async () => (await actions()).every((action) => action?.active === false));
    await until('the end of the rollout', async () => (await statusOf(rollout.id)) === 'finished');
    await fleet.agree();
    const again = (await hawkbit.ask('POST', `/rollouts/${rollout.id}/retry`)) as { id: number };
    await until('"ready"', async () => (await statusOf(again.id)) === 'ready');
    await hawkbit.ask('POST', `/rollouts/${again.id}/start`);
    await until('the end of the retried one', async () => (await statusOf(again.id)) === 'finished');
    for (const at of devices.keys()) {
      const [action] = await hawkbit.actionsOf(fleet.idOf(at));
      expect(action?.status, fleet.idOf(at)).to.equal('finished');
      expect(fleet.runs(at, image), fleet.idOf(at)).to.equal(true);
    }
  });
}
