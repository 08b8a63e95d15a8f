/** What a person is asked once for all devices. */
import { expect } from 'chai';
import { ended, form } from '../given.ts';
import { describeQuestion } from '../../../src/words/kit/questions.ts';
import { ALL_AT_ONCE, given, idle, lines, settled } from './rollout-room.ts';

describe('A rollout of the page', () => {
  it('says beforehand, once for all, where the update may be the only one over the air', async () => {
    const room = await given(5);
    const factory = { label: 'factory', address: null, size: 4096, subtype: 0 };
    const first = { ...idle, running: factory, boot: factory, next: { ...factory, label: 'ota_0', subtype: 16 } };
    for (const at of [1, 2, 4]) room.says.set(`Sensor ${at}`, first);
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    const question = room.questions.$question.get();
    expect(question && describeQuestion(question).title).to.equal('Send kitchen.bin to 5 devices?');
    expect(question && describeQuestion(question).text)
      .to.match(/^Sensor 1, Sensor 2 and Sensor 4 run from their factory slots\. /)
      .and.contain('the only update over the air');
    expect(room.running.size).to.equal(0);
    room.questions.answer(false);
    expect(await whole).to.equal(null);
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(room.ids.map(() => 'not-started'));
    expect(room.sent).to.deep.equal([]);

    const again = room.rollouts.retry('rest');
    await settled();
    room.questions.answer(true);
    await settled();
    expect(room.running.size).to.equal(5);
    for (const at of [0, 1, 2, 3, 4]) await room.end(at);
    await again;
  });

  it('asks once for all whether to send a file without a sign of MicroPython, before any device is asked', async () => {
    const room = await given(2, { foreign: true });
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    const question = room.questions.$question.get();
    expect(question && describeQuestion(question).title).to.equal('Send kitchen.bin to 2 devices?');
    expect(question && describeQuestion(question).text)
      .to.contain('no sign of MicroPython')
      .and.contain('Sensor 0 and Sensor 1 no longer run ViperHTTP');
    expect(room.asked).to.deep.equal([]);
    room.questions.answer(true);
    await settled();
    expect(room.questions.$question.get(), 'once').to.equal(null);
    for (const at of [0, 1]) await room.end(at);
    await whole;
    expect(room.sent).to.have.length(2);
  });

  it('names the devices that run another product than the file says it is, and the product', async () => {
    const tells = { product: 'WLED', version: '16.0.1', release: 'ESP32', installsFrom: null };
    const room = await given(2, { tells });
    await room.devices.learn(room.ids[1] ?? '', { dialect: 'wled' });
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    const question = room.questions.$question.get();
    expect(question && describeQuestion(question)).to.include({
      title: 'Send kitchen.bin to 2 devices?',
      text: 'The file is WLED, not MicroPython. Sensor 0 no longer runs ViperHTTP afterwards and needs a cable.',
    });
    room.questions.answer(false);
    expect(await whole).to.equal(null);
    expect(room.asked, 'nothing was sent to either').to.deep.equal([]);
  });

  it('asks once for the passphrase, and skips devices whose token stays locked', async () => {
    let questions = 0;
    const opened = async (): Promise<boolean> => {
      questions += 1;
      await settled();
      return false;
    };
    const room = await given(20, { opened });
    await room.devices.save(form({ name: 'Open', address: '192.168.9.9', token: '' }));
    const open = room.devices.$devices.get().find(({ name }) => name === 'Open')?.id ?? '';
    const whole = room.rollouts.start([...room.ids, open], ALL_AT_ONCE);
    await settled();
    await settled();
    await settled();
    expect([...room.running.keys()], 'who has none goes on').to.deep.equal([open]);
    room.running.get(open)?.end(ended());
    await whole;
    const view = room.rollouts.$rollout.get();
    expect(
      lines(view)
        .slice(0, -1)
        .every((is) => is === 'skipped'),
    ).to.equal(true);
    const line = view.kind === 'ended' ? view.state.lines.get(room.ids[0] ?? '') : undefined;
    expect(line).to.deep.equal({ kind: 'skipped', why: { because: 'locked' } });
    expect(room.asked, 'nothing was sent to them').to.deep.equal(['Open']);
    // Eight ask at once, which is one question to the person, and its answer is for all.
    expect(questions).to.be.at.most(8);
  });

  it('counts no failure where the tokens lock themselves in the middle and stay so', async () => {
    let open = true;
    const room = await given(4, { opened: async () => open });
    const stopAt = { failures: 1, share: null };
    const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 1, stopAt });
    await settled();
    open = false;
    await room.end(0);
    await whole;
    const view = room.rollouts.$rollout.get();
    expect(lines(view)).to.deep.equal(['updated', 'skipped', 'skipped', 'skipped']);
    expect(view.kind === 'ended' && view.state.stopped).to.equal(null);
  });
});
