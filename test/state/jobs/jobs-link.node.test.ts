import { expect } from 'chai';
import type { KeptJob } from '../../../src/model/page/job-calls.ts';
import { form, savedDevice } from '../given.ts';
import { describeQuestion } from '../../../src/words/kit/questions.ts';
import { givenHost } from './fake-host.ts';
import { FIRST, KEY, until, begun, said, type Page } from './handed-over.ts';

describe('A link to an update on the host', () => {
  const LINK = `${FIRST}.${KEY}`;

  /** Another browser opens the link, and the person answers what it asks. */
  async function opened(other: Page, yes: boolean): Promise<string> {
    const arrived = other.jobs?.arrive(LINK);
    await until('the question', () => other.questions.$question.get() !== null);
    const question = other.questions.$question.get();
    if (question === null) throw new Error('nothing was asked');
    expect(other.keys.size, 'keys before the answer').to.equal(0);
    other.questions.answer(yes);
    await arrived;
    const { title, text } = describeQuestion(question);
    return `${title} ${text}`;
  }

  it('brings the update to another browser, and the device with it, once the person agrees', async () => {
    const { host } = await begun();
    const other = givenHost({}, host, new Map<string, KeptJob>());
    expect(await opened(other, true))
      .to.contain('Follow the update of Kitchen sensor?')
      .and.contain('192.168.1.50')
      .and.contain('is saved in this browser')
      .and.contain('Whoever has the link can follow, pause and cancel');
    const [device] = other.devices.$devices.get();
    expect(device).to.deep.include({ name: 'Kitchen sensor', origin: 'http://192.168.1.50:8080' });
    await until('it is drawn', () => other.updates.$update(device?.id ?? '').get().kind === 'running');
    expect(other.keys.get(device?.id ?? '')?.id).to.equal(FIRST);
  });

  it('saves nothing, and follows nothing, where the person does not agree', async () => {
    const { host } = await begun();
    const other = givenHost({}, host, new Map<string, KeptJob>());
    const { length } = host.streams;
    await opened(other, false);
    expect(other.devices.$devices.get()).to.deep.equal([]);
    expect(other.keys.size).to.equal(0);
    expect(host.streams).to.have.length(length);
    expect(said(other)).to.equal('');
  });

  it('asks with the name that a device has here, and does not speak of saving it', async () => {
    const { host } = await begun();
    const other = givenHost({}, host, new Map<string, KeptJob>());
    const { devices } = other;
    await devices.save(form({ name: 'Hall lamp', token: null }), (await savedDevice(devices)).id);
    expect(await opened(other, true))
      .to.contain('Follow the update of Hall lamp?')
      .and.not.contain('saved');
    expect(devices.$devices.get()).to.have.length(1);
  });

  it('asks nothing where the update is followed already', async () => {
    const { host, jobs, questions, page } = await begun();
    await jobs?.arrive(LINK);
    expect(questions.$question.get()).to.equal(null);
    expect(said(page)).to.contain('This page follows the update of Kitchen sensor');
    expect(host.created).to.have.length(1);
  });

  it('opens nothing with another key, nor with what is no key at all', async () => {
    const { host } = await begun();
    for (const link of [`${FIRST}.${'B'.repeat(22)}`, '../gateway.AAAAAAAAAAAAAAAAAAAAAA', '']) {
      const other = givenHost({}, host, new Map<string, KeptJob>());
      await other.jobs?.arrive(link);
      expect(other.devices.$devices.get()).to.deep.equal([]);
      expect(said(other)).to.contain('The host has no such update');
    }
  });
});
