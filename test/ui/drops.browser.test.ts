/** A file that is dropped or pasted. */
import { expect } from 'chai';
import { buildApp } from '../firmware/image-builder.ts';
import { all, card, field, press, status, until } from './finding.ts';
import { IMAGE, transfer, add, openDialogs, drag, useGestures } from './gestures.ts';

describe('Gestures', () => {
  const { page } = useGestures();

  it('sends what is dropped on a device, after one question that names both', async () => {
    await add('Kitchen sensor');
    const on = await card('Kitchen sensor');
    const data = transfer('new.bin', IMAGE);
    drag('dragenter', on, data);
    await until('what will happen', () => all('.veil').some((veil) => veil.textContent.includes('Kitchen sensor')));
    drag('drop', on, data);
    await until('the question', () =>
      openDialogs().some((one) => one.textContent.includes('Send new.bin to Kitchen sensor?')),
    );
    expect(page.app.updates.$update(page.app.devices.$devices.get()[0]?.id ?? '').get().kind).to.equal('rest');
    await press('Send', openDialogs()[0]);
    await status('Kitchen sensor', 'Updated');
  });

  it('sends the next build of what was agreed to at once, and asks again about anything else', async () => {
    await add('Kitchen sensor');
    const on = await card('Kitchen sensor');
    const build = (project: string, version: string): Uint8Array<ArrayBuffer> => buildApp({ project, version });
    const ends = async (count: number): Promise<void> => {
      await until(`${count} ends`, () => page.app.updates.$ended.get().length === count);
      await until('the rest', () => page.app.updates.$running.get().length === 0);
    };
    drag('drop', on, transfer('kitchen.bin', build('kitchen', '1.0.0')));
    await press('Send', await until('the question', () => openDialogs()[0]));
    await ends(1);

    drag('dragenter', on, transfer('kitchen.bin', build('kitchen', '1.0.1')));
    await until('what will happen', () => all('.veil').some(({ textContent }) => textContent.includes('at once')));
    drag('drop', on, transfer('kitchen.bin', build('kitchen', '1.0.1')));
    await ends(2);
    expect(openDialogs().length).to.equal(0);
    expect(page.app.firmware.firmware?.inspection.version).to.equal('1.0.1');
    expect(page.app.notices.$notices.get(), 'after its end').to.deep.equal([]);

    // Another firmware, and one that it runs already.
    for (const [project, version] of [
      ['garden', '1.0.2'],
      ['kitchen', '1.0.1'],
    ] as const) {
      drag('drop', on, transfer('next.bin', build(project, version)));
      await press('Cancel', await until(`the question about ${project}`, () => openDialogs()[0]));
      await until('it to close', () => openDialogs().length === 0);
    }
    expect(page.app.updates.$ended.get().length).to.equal(2);

    // What goes at once can be cancelled at once.
    const [saved] = page.app.devices.$devices.get();
    const stop = page.app.updates.$update(saved?.id ?? '').listen(({ kind }) => {
      // The button of its notice: here it is faster than any finger.
      if (kind === 'preparing') page.app.notices.act('sent-dropped');
    });
    drag('drop', on, transfer('kitchen.bin', build('kitchen', '1.0.3')));
    await ends(3);
    stop();
    expect(page.app.updates.$ended.get()[0]?.view.state.outcome).to.equal('cancelled');
  });

  it('chooses what is dropped on a device, and sends nothing after a no, nor what no device could run', async () => {
    await add('Kitchen sensor');
    const on = await card('Kitchen sensor');
    drag('drop', on, transfer('new.bin', IMAGE));
    await press('Cancel', await until('the question', () => openDialogs()[0]));
    expect(page.app.firmware.firmware?.name).to.equal('new.bin');
    drag('drop', on, transfer('text.bin', new TextEncoder().encode('no firmware')));
    await until('the verdict', () => page.app.firmware.firmware?.inspection.verdict === 'refuse');
    expect(page.app.questions.$question.get()).to.equal(null);
    expect(await page.historyStore.count()).to.equal(0);
  });

  it('chooses what is dropped on a dialog, says so above it, and sends it to no device beneath', async () => {
    await add('Kitchen sensor');
    const on = await card('Kitchen sensor');
    // What is agreed to: the next build of it would go at once.
    drag('drop', on, transfer('kitchen.bin', buildApp({ project: 'kitchen', version: '1.0.0' })));
    await press('Send', await until('the question', () => openDialogs()[0]));
    await status('Kitchen sensor', 'Updated');
    await until('the rest', () => page.app.updates.$running.get().length === 0);

    await press('Add device');
    await until('the dialog', () => openDialogs().length === 1);
    const data = transfer('kitchen.bin', buildApp({ project: 'kitchen', version: '1.0.1' }));
    drag('dragenter', on, data);
    const veil = await until('what will happen', () => all('.veil')[0]);
    expect(veil.textContent).to.contain('Drop to check the file');
    expect(veil.matches(':popover-open'), 'above the dialog').to.equal(true);
    drag('drop', on, data);
    await until('the file', () => page.app.firmware.firmware?.inspection.version === '1.0.1');
    expect(openDialogs().length, 'the dialog stays, and no question comes').to.equal(1);
    await press('Cancel');
    expect(page.app.updates.$ended.get().length).to.equal(1);
    expect(page.app.updates.$running.get()).to.deep.equal([]);
  });

  it('takes a file that is pasted anywhere but in a field', async () => {
    await add('Kitchen sensor');
    const paste = (on: EventTarget): boolean =>
      on.dispatchEvent(
        new ClipboardEvent('paste', { bubbles: true, composed: true, clipboardData: transfer('new.bin', IMAGE) }),
      );
    await press('Add device');
    paste(await field('Name'));
    expect(page.app.firmware.$chosen.get().kind).to.equal('none');
    await press('Cancel');
    paste(document.body);
    await until('the file', () => page.app.firmware.firmware?.name === 'new.bin');
    expect(page.app.questions.$question.get()).to.equal(null);
  });
});
