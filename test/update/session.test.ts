import { expect } from 'chai';
import { changed, handedOver, type Opened, openedOf, over, type Session, stillOpen } from '../../src/update/session.ts';

const OPENED: Opened = { id: '7', slot: { label: 'ota_1', address: 0x20000 }, sentTo: 4096, isShown: true };
const NONE: Session = { kind: 'none' };
const FIRST_BEGIN: Session = { kind: 'begin-in-doubt', earlier: null };
const SECOND_BEGIN: Session = { kind: 'begin-in-doubt', earlier: OPENED };
const OPEN: Session = { kind: 'open', ...OPENED };
const OVER: Session = { kind: 'over', ...OPENED };
const HANDED_OVER: Session = { kind: 'handed-over', answer: 'yes', ...OPENED };
const WITHOUT_ONE = [NONE, FIRST_BEGIN];
const ALL = [...WITHOUT_ONE, SECOND_BEGIN, OPEN, OVER, HANDED_OVER];

describe('a session on a device', () => {
  it('is the one that was opened, also where a later begin has no answer, and none before that', () => {
    expect(WITHOUT_ONE.map(openedOf)).to.deep.equal([null, null]);
    expect(openedOf(SECOND_BEGIN)).to.deep.equal(OPENED);
    for (const session of [OPEN, OVER, HANDED_OVER]) expect(openedOf(session)).to.include(OPENED);
  });

  it('is changed in what is known of it, and not in its kind; where none was opened there is nothing to change', () => {
    const further = (session: Session): Session => changed(session, ({ sentTo }) => ({ sentTo: sentTo + 1024 }));
    expect(WITHOUT_ONE.map(further)).to.deep.equal(WITHOUT_ONE);
    expect(further(SECOND_BEGIN)).to.deep.equal({ ...SECOND_BEGIN, earlier: { ...OPENED, sentTo: 5120 } });
    for (const session of [OPEN, OVER, HANDED_OVER])
      expect(further(session)).to.deep.equal({ ...session, sentTo: 5120 });
  });

  it('is over once its content is lost, and its answer to a finalize with it; a begin in doubt stays in doubt', () => {
    expect(ALL.map(over)).to.deep.equal([NONE, FIRST_BEGIN, SECOND_BEGIN, OVER, OVER, OVER]);
  });

  it('is handed over without an answer yet; an answer that there is stays', () => {
    const asked: Session = { ...HANDED_OVER, answer: 'none' };
    expect(ALL.map(handedOver)).to.deep.equal([NONE, FIRST_BEGIN, asked, asked, asked, HANDED_OVER]);
  });

  it('is open again where the device has not finalized it, and else stays as it is', () => {
    expect(ALL.map(stillOpen)).to.deep.equal([NONE, FIRST_BEGIN, SECOND_BEGIN, OPEN, OVER, OPEN]);
  });
});
