import { expect } from 'chai';
import { parted, resumeOf, statusOf } from '../../../src/ui/device/card-status.ts';
import { resumeLabel } from '../../../src/words/device/card/device-card.ts';
import { endOf } from '../../../src/ui/device/card/card-end.ts';
import type { UpdateView } from '../../../src/state/update/update-view.ts';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import { describe as inWords } from '../../../src/words/update/describe.ts';
import { ended, failed } from '../../state/given.ts';
import type { JournalEntry } from '../../../src/model/update/journal.ts';

const entry: JournalEntry = {
  deviceId: 'kitchen',
  sha256: 'ab'.repeat(32),
  size: 100_000,
  dialect: 'shipped',
  sessionId: '7',
  slot: 'ota_1',
  previousSlot: 'ota_0',
  acknowledged: 61_000,
  sentTo: 61_000,
  phase: 'writing',
  at: 0,
};
const labelOf = (offered: JournalEntry): string => resumeLabel(resumeOf(offered), offered);
const firmware = { sha256: entry.sha256, name: 'kitchen.bin', version: '1.4.2' };
const offered = (changes: Partial<JournalEntry>) =>
  statusOf({ kind: 'offer', entry: { ...entry, ...changes }, firmware });

describe('What a card says above its buttons', () => {
  it('is all of a short detail, and the first sentence of a long one', () => {
    expect(parted('Nothing was sent.')).to.deep.equal(['Nothing was sent.', '']);
    const rest = ' Check the token under Edit: it must be the ota_token of the device.';
    expect(parted(`The device refused the token.${rest}`)).to.deep.equal(['The device refused the token.', rest]);
    const long = `${'A sentence that goes on and on, '.repeat(3)}and on.${rest}`;
    expect(parted(long), 'the first sentence is too long').to.deep.equal(['', long]);
    expect(parted('x'.repeat(100)), 'one sentence').to.deep.equal(['', 'x'.repeat(100)]);
  });

  it('is, of an image that was accepted, that what runs is not proven', () => {
    for (const hashNamed of [true, false]) {
      const state = ended({ outcome: 'accepted', hashNamed });
      const [above, below] = parted(inWords(state, { device: 'Kitchen', version: '1.4.2' }).detail);
      expect(above).to.equal('It can’t report what it runs: check the device.');
      expect(below).to.contain('Kitchen').and.contain('1.4.2');
    }
  });
});

describe('A card whose file is on its way to the host', () => {
  const firmware = { sha256: '', name: 'kitchen.bin', version: null };

  it('says how far it is, apart from what is said aloud', () => {
    expect(statusOf({ kind: 'preparing', firmware, handedOver: 43 })).to.include({
      ...{ title: 'Sending the file to the host', far: ', 43 %' },
    });
    expect(statusOf({ kind: 'preparing', firmware })).to.include({ title: 'Getting ready' });
    expect(statusOf({ kind: 'preparing', firmware })).not.to.have.property('far');
  });
});

describe('an offer to go on', () => {
  it('says from where', () => {
    expect(labelOf(entry)).to.equal('Resume from 61 %');
    expect(offered({})).to.include({ title: '61 % written' });
    expect(offered({}).detail).to.include('1.4.2').and.include('can continue');
    expect(labelOf({ ...entry, dialect: 'documented', tellsStatus: true })).to.equal('Resume from 61 %');
  });

  it('is one to start over where the device cannot tell how much it has', () => {
    const mute = { dialect: 'documented', tellsStatus: false } as const;
    expect(labelOf({ ...entry, ...mute })).to.equal('Start over');
    expect(offered(mute).detail).to.include('starts over').and.not.include('can continue');
  });

  it('is one to look again where only the end was not seen', () => {
    for (const phase of ['finalizing', 'restarting'] as const) {
      const handed = { phase, acknowledged: entry.size };
      expect(labelOf({ ...entry, ...handed })).to.equal('Check the result');
      expect(offered(handed).title).to.equal('Result unknown');
      expect(offered(handed).detail).not.to.include('still has that part');
    }
  });

  it('says that the file is gone, where it is', () => {
    expect(statusOf({ kind: 'offer', entry, firmware: null }).detail).to.include('no longer kept');
  });
});

describe('how an update ended', () => {
  const view = (state: Outcome): UpdateView => ({
    ...{ kind: 'ended', firmware, state, agreed: { overruled: [], takeOver: null }, at: 0 },
    words: inWords(state, { device: 'Kitchen sensor', version: '1.4.2' }),
  });

  it('has one reason: where the doctor tells it, the card says only what else is true', () => {
    const lost = view(failed({ code: 'unreachable' }));
    expect(statusOf(lost).detail).to.include('No answer came').and.include('still runs its old firmware');
    expect(statusOf(lost, true)).to.include({ title: 'Failed', detail: 'Kitchen sensor still runs its old firmware.' });
  });

  it('is told whole where there is nothing to explain', () => {
    expect(statusOf(view(ended()), true).detail).to.equal(statusOf(view(ended())).detail);
  });

  it('shows from afar, as clearly where it failed', () => {
    expect(endOf(view(ended()))).to.equal('good');
    expect(endOf(view(failed({})))).to.equal('bad');
    expect(endOf(view(ended({ outcome: 'rolled-back' })))).to.equal('needs');
    expect(endOf({ kind: 'rest' })).not.to.be.a('string');
  });
});

describe('an update that was at its very end', () => {
  it('is looked at without a press', () => {
    const left = { ...entry, phase: 'restarting' as const, acknowledged: entry.size };
    expect(statusOf({ kind: 'offer', entry: left, firmware, isLooking: true })).to.include({
      tone: 'calm',
      title: 'Looking for the device',
    });
  });
});
