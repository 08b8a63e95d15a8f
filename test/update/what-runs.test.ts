import { expect } from 'chai';
import { afterFinalize, type Written } from '../../src/update/what-runs.ts';
import type { DeviceStatus } from '../../src/model/device/link.ts';
import { IMAGE, NEW, OLD, plan, session, status } from './scripted/scripted.ts';
import { TRAITS } from '../../src/model/device/dialect.ts';

const OURS = '7';
const TAKEN = { sha256: IMAGE.sha256, slot: NEW.label };
const said = (device: Partial<DeviceStatus>, changes: Partial<Written> = {}) =>
  afterFinalize(status(device), plan(), TRAITS.shipped, { slot: NEW, previous: OLD, sessionId: OURS, ...changes });

describe('what a status says after finalize', () => {
  it('is new where the slot that was written runs', () => {
    expect(said({ running: NEW })).to.deep.equal({ kind: 'new' });
    expect(said({ running: NEW, lastTaken: TAKEN }), 'a note that survived').to.deep.equal({ kind: 'new' });
  });

  it('is old where it restarted into the slot from before', () => {
    expect(said({})).to.deep.equal({ kind: 'old', slot: OLD.label, fellBack: false });
  });

  it('is taken while the note of our image is there: it has not restarted yet', () => {
    expect(said({ lastTaken: TAKEN })).to.deep.equal({ kind: 'taken' });
  });

  it('is not taken where the note is of another image', () => {
    expect(said({ lastTaken: { sha256: 'f'.repeat(64), slot: NEW.label } })).to.include({ kind: 'old' });
  });

  it('is open where our session is still there, with its bytes', () => {
    const writtenBytes = IMAGE.bytes.length;
    expect(said({ session: session({ writtenBytes }) })).to.deep.equal({ kind: 'open', writtenBytes });
  });

  it('is open where one of the two answers does not name the session', () => {
    expect(said({ session: session({ id: null }) })).to.include({ kind: 'open' });
    expect(said({ session: session() }, { sessionId: null })).to.include({ kind: 'open' });
  });

  it('is another client’s where the session has another number or another image', () => {
    for (const other of [session({ id: '8' }), session({ expectedSha256: 'f'.repeat(64) })]) {
      expect(said({ session: other })).to.deep.equal({ kind: 'other', session: other });
    }
  });

  it('is new where it runs the slot, also while another client has begun', () => {
    expect(said({ running: NEW, session: session({ id: '8' }) })).to.deep.equal({ kind: 'new' });
  });

  it('is unknown where the device does not name what runs, or never named what was written', () => {
    expect(said({ running: null })).to.deep.equal({ kind: 'untold' });
    expect(said({}, { slot: null })).to.deep.equal({ kind: 'untold' });
    expect(said({ running: null }, { slot: null }), 'nothing is not the same slot as nothing').to.deep.equal({
      kind: 'untold',
    });
  });
});
