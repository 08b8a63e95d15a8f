import { expect } from 'chai';
import { type ChunkedDialect, TRAITS } from '../../src/model/device/dialect.ts';
import type { JournalEntry } from '../../src/model/update/journal.ts';
import type { DeviceStatus, SessionReport, Slot } from '../../src/model/device/link.ts';
import {
  type Claim,
  claimLeftBy,
  holdsSameImage,
  isOurs,
  preflight,
  shownEnd,
  showsRestart,
  TRUST_A_RESTART_FOR_MS,
} from '../../src/update/preflight.ts';
import { IMAGE, left, NEW, OLD, plan, session, status } from './scripted/scripted.ts';

const BYTES = IMAGE.bytes.length;
const NOTHING_CLAIMED: Claim = {
  opened: false,
  sessionId: null,
  acknowledged: 0,
  sentTo: BYTES,
  beginInDoubt: false,
  sessionBefore: null,
};
const NOW = left().at;
const TAKEN = { sha256: IMAGE.sha256, slot: NEW.label };

interface Known {
  readonly device?: Partial<DeviceStatus>;
  readonly dialect?: ChunkedDialect;
  readonly journal?: JournalEntry | null;
  readonly claim?: Partial<Claim>;
  readonly takeOver?: string | null;
  readonly now?: number;
}

function decided({ device, dialect = 'shipped', journal = null, claim, takeOver = null, now = NOW }: Known) {
  return preflight(status(device), plan({ takeOver }), TRAITS[dialect], journal, { ...NOTHING_CLAIMED, ...claim }, now);
}

describe('what is decided before the first erase', () => {
  it('is a begin without force where no session is open', () => {
    expect(decided({})).to.deep.equal({ kind: 'begin', force: false });
    expect(decided({ device: { supported: null } }), 'a device that does not tell').to.include({ kind: 'begin' });
  });

  it('is a refusal where the device cannot update at all', () => {
    expect(decided({ device: { supported: false } })).to.deep.equal({ kind: 'no', because: 'unsupported' });
  });
});

describe('a session that the device does not name', () => {
  const nameless = (changes: Partial<SessionReport>) => session({ id: null, writtenBytes: 4096, ...changes });
  const claim: Claim = { ...NOTHING_CLAIMED, opened: true, acknowledged: 0, sentTo: 8192 };

  it('may be ours where its size and its count are possible for ours', () => {
    expect(isOurs(nameless({}), claim, plan())).to.equal(true);
    expect(isOurs(nameless({ expectedSize: null }), claim, plan()), 'no size told').to.equal(true);
    expect(isOurs(nameless({ expectedSize: BYTES + 1 }), claim, plan())).to.equal(false);
    expect(isOurs(nameless({ writtenBytes: 8193 }), claim, plan())).to.equal(false);
    expect(isOurs(nameless({ writtenBytes: null }), claim, plan()), 'no count told').to.equal(false);
    expect(isOurs(nameless({}), { ...claim, opened: false }, plan())).to.equal(false);
  });
});

describe('a session that is open on the device', () => {
  it('is gone on with where it is the one that was left', () => {
    const open = session({ writtenBytes: 4096 });
    expect(decided({ device: { session: open }, claim: { sessionId: open.id } })).to.deep.equal({
      kind: 'on',
      session: open,
    });
  });

  it('is not gone on with where it has less than ours had: the device restarted, and another session got the number', () => {
    const claim = { opened: true, sessionId: '7', acknowledged: 4096 };
    for (const [writtenBytes, kind] of [
      [4095, 'no'],
      [4096, 'on'],
    ] as const) {
      expect(decided({ device: { session: session({ writtenBytes }) }, claim })).to.include({ kind });
    }
  });

  it('shows that the device has restarted where its number is not above ours, or where no client can take over', () => {
    for (const [id, ourId, shown] of [
      ['6', '7', true],
      ['7', '7', true],
      ['8', '7', false],
      ['10', '9', false],
      ['1', null, false],
    ] as const) {
      expect(showsRestart(session({ id }), ourId, TRAITS.shipped), `${id} after ${ourId ?? 'none'}`).to.equal(shown);
      expect(showsRestart(session({ id }), ourId, TRAITS.documented)).to.equal(true);
    }
  });

  it('is another client’s where nothing was left, and is shown', () => {
    const open = session();
    expect(decided({ device: { session: open } })).to.deep.equal({
      kind: 'no',
      because: 'other-session',
      session: open,
    });
  });

  it('is another client’s with another number, another size or another hash', () => {
    for (const open of [
      session({ id: '8' }),
      session({ expectedSize: BYTES + 1 }),
      session({ expectedSha256: 'f'.repeat(64) }),
    ]) {
      expect(decided({ device: { session: open }, claim: { sessionId: '7' } })).to.include({
        because: 'other-session',
      });
    }
  });

  it('is another client’s where neither side knows a number', () => {
    const open = session({ id: null });
    expect(decided({ device: { session: open } })).to.include({ because: 'other-session' });
  });

  it('is ours where a begin is in doubt and it was not there before that', () => {
    const open = session({ id: '8' });
    const claim = { beginInDoubt: true, sessionBefore: '7' };
    expect(decided({ device: { session: open }, claim })).to.deep.equal({ kind: 'on', session: open });
  });

  it('is compared with what was sent where its number was never told to us', () => {
    const claim = { opened: true, sessionId: null, acknowledged: 4096, sentTo: 8192 };
    for (const [writtenBytes, kind] of [
      [4095, 'no'],
      [4096, 'on'],
      [8192, 'on'],
      [8193, 'no'],
    ] as const) {
      const open = session({ id: '8', writtenBytes, expectedSha256: null });
      expect(decided({ device: { session: open }, dialect: 'documented', claim }), `${writtenBytes}`).to.include({
        kind,
      });
    }
  });

  it('is not ours where it is for another size, though a begin is in doubt', () => {
    const claim = { beginInDoubt: true, sessionBefore: null };
    const empty = session({ id: '8', expectedSize: BYTES + 1, expectedSha256: null });
    expect(decided({ device: { session: empty }, dialect: 'documented', claim })).to.include({
      because: 'other-session',
    });
    expect(isOurs(empty, { ...NOTHING_CLAIMED, ...claim }, plan())).to.equal(false);
    expect(isOurs({ ...empty, expectedSize: null }, { ...NOTHING_CLAIMED, ...claim }, plan())).to.equal(true);
  });

  it('is not ours where it was there before the begin that is in doubt', () => {
    const claim = { beginInDoubt: true, sessionBefore: '7' };
    expect(decided({ device: { session: session({ id: '7' }) }, claim })).to.include({ because: 'other-session' });
  });
});

describe('taking over', () => {
  it('begins with force where the session holds another image', () => {
    const open = session({ expectedSha256: 'f'.repeat(64) });
    expect(decided({ device: { session: open }, takeOver: '7' })).to.deep.equal({ kind: 'begin', force: true });
  });

  it('goes on where the session holds the same image: nothing is erased for nothing', () => {
    const open = session({ writtenBytes: 4096 });
    expect(decided({ device: { session: open }, takeOver: '7' })).to.deep.equal({ kind: 'on', session: open });
  });

  it('goes on in a documented session only where it is empty: what it holds may be anything', () => {
    for (const [writtenBytes, kind] of [
      [0, 'on'],
      [4096, 'begin'],
    ] as const) {
      const open = session({ writtenBytes, expectedSha256: null });
      expect(decided({ device: { session: open }, dialect: 'documented', takeOver: '7' })).to.include({ kind });
    }
  });

  it('never reaches another session than the one the person saw', () => {
    expect(decided({ device: { session: session({ id: '8' }) }, takeOver: '7' })).to.include({
      because: 'other-session',
    });
  });

  it('needs a choice: a session without a number is not taken over without one', () => {
    const open = session({ id: null, expectedSha256: 'f'.repeat(64) });
    expect(decided({ device: { session: open }, takeOver: null })).to.include({ because: 'other-session' });
  });
});

describe('an image that was handed over before a reload', () => {
  const runsIt = { running: NEW };

  for (const phase of ['finalizing', 'restarting'] as const) {
    it(`is watched where the device runs the slot that was written, left while ${phase}`, () => {
      expect(decided({ device: runsIt, journal: left({ phase }) })).to.deep.equal({
        kind: 'watch',
        slot: { label: NEW.label, address: null },
        previous: { label: OLD.label, address: null },
      });
    });
  }

  it('is watched where the device says that it took it and has not restarted yet', () => {
    for (const running of [OLD, null]) {
      const device = { running, lastTaken: TAKEN };
      expect(decided({ device, journal: left({ phase: 'restarting' }) })).to.include({ kind: 'watch' });
    }
  });

  it('is watched also where another client has begun since', () => {
    const device = { ...runsIt, session: session({ id: '99', expectedSha256: 'f'.repeat(64) }) };
    expect(decided({ device, journal: left({ phase: 'restarting' }) })).to.include({ kind: 'watch' });
  });

  // A device may give a slot's name in one answer and only its address in the next; the slot is then named by its
  // address.
  const nameless = ({ address, size }: Slot): Slot => ({ label: `0x${(address ?? 0).toString(16)}`, address, size });
  const placed = { slotAddress: NEW.address ?? 0, previousSlotAddress: OLD.address ?? 0 };

  it('is watched where the device tells only where the slot lies that it runs', () => {
    const journal = left({ phase: 'restarting', ...placed });
    expect(decided({ device: { running: nameless(NEW) }, journal })).to.deep.equal({
      kind: 'watch',
      slot: { label: NEW.label, address: NEW.address },
      previous: { label: OLD.label, address: OLD.address },
    });
    const told = left({ phase: 'restarting', ...placed, slot: nameless(NEW).label, previousSlot: nameless(OLD).label });
    expect(decided({ device: runsIt, journal: told }), 'and the other way round').to.include({ kind: 'watch' });
  });

  it('was rolled back where the device tells only that the old slot’s place runs', () => {
    const journal = left({ phase: 'restarting', ...placed });
    expect(decided({ device: { running: nameless(OLD), boot: nameless(NEW) }, journal })).to.deep.equal({
      kind: 'rolled-back',
      slot: OLD.label,
      fellBack: true,
    });
  });

  it('is sent again where both slots lie at one place: nothing tells which of them runs', () => {
    const journal = left({ phase: 'restarting', ...placed, previousSlotAddress: NEW.address ?? 0 });
    expect(decided({ device: runsIt, journal })).to.deep.equal({ kind: 'begin', force: false });
  });

  const begins: readonly (readonly [string, Partial<JournalEntry>, Partial<DeviceStatus>])[] = [
    ['the old slot runs, and there is no telling of when the entry speaks', { at: 0 }, {}],
    ['another image was taken last', {}, { lastTaken: { sha256: 'f'.repeat(64), slot: NEW.label } }],
    ['nothing had been written', { phase: 'writing', acknowledged: 0 }, runsIt],
    ['what became of it was told', { phase: 'unconfirmed' }, runsIt],
    ['only a begin had been sent', { phase: 'beginning' }, runsIt],
    ['it was another image', { sha256: 'f'.repeat(64) }, runsIt],
    ['its slot is not known', { slot: null }, runsIt],
    ['the slot from before is not known', { previousSlot: null }, runsIt],
    ['both slots are the same', { previousSlot: NEW.label }, runsIt],
    ['its slot is not known and neither is what runs', { slot: null }, { running: null }],
    ['its slot is not known, and the device took it', { slot: null }, { lastTaken: TAKEN }],
    ['the device does not tell what runs, and took nothing', {}, { running: null }],
  ];
  for (const [why, entry, device] of begins) {
    it(`is sent again where ${why}`, () => {
      expect(decided({ device, journal: left({ phase: 'restarting', ...entry }) })).to.deep.equal({
        kind: 'begin',
        force: false,
      });
    });
  }

  it('was rolled back where the old slot runs and nothing was taken: that is said before anything is erased', () => {
    for (const phase of ['finalizing', 'restarting'] as const) {
      expect(decided({ journal: left({ phase }) })).to.deep.equal({
        kind: 'rolled-back',
        slot: OLD.label,
        fellBack: false,
      });
    }
  });

  it('is in doubt on a documented device whose session is gone: nothing is written over it unasked', () => {
    const journal = left({ phase: 'finalizing', dialect: 'documented' });
    const device = { running: null, next: null };
    expect(decided({ dialect: 'documented', device, journal })).to.deep.equal({ kind: 'no', because: 'unconfirmed' });
  });

  it('is trusted for an hour, and in doubt after that: the slot may hold ours, or a later one', () => {
    const journal = left({ phase: 'restarting' });
    expect(TRUST_A_RESTART_FOR_MS).to.equal(3_600_000);
    expect(decided({ device: runsIt, journal, now: NOW + TRUST_A_RESTART_FOR_MS })).to.include({ kind: 'watch' });
    expect(decided({ device: runsIt, journal, now: NOW + TRUST_A_RESTART_FOR_MS + 1 })).to.include({
      because: 'unconfirmed',
    });
    expect(decided({ journal, now: NOW + TRUST_A_RESTART_FOR_MS + 1 }), 'the old slot runs').to.include({
      kind: 'begin',
    });
  });

  it('goes on where its session is still open: it was not finalized after all', () => {
    const device = { session: session({ writtenBytes: BYTES }) };
    expect(decided({ device, journal: left({ phase: 'finalizing' }), claim: { sessionId: '7' } })).to.include({
      kind: 'on',
    });
  });
});

describe('a session that was left and is gone', () => {
  it('is reported where bytes had been written: the person decides', () => {
    for (const dialect of ['shipped', 'documented'] as const) {
      expect(decided({ dialect, journal: left() })).to.deep.equal({ kind: 'no', because: 'session-lost' });
    }
  });

  it('does not matter where nothing had been written', () => {
    expect(decided({ journal: left({ acknowledged: 0 }) })).to.include({ kind: 'begin' });
    expect(decided({ journal: left({ phase: 'beginning' }) })).to.include({ kind: 'begin' });
  });

  it('is begun again where the person has chosen that before', () => {
    const chosen = { ...plan(), beginAgain: true };
    const claim = claimLeftBy(left());
    expect(preflight(status(), chosen, TRAITS.shipped, left(), claim, NOW)).to.include({ kind: 'begin' });
  });
});

describe('a session of ours on a documented device', () => {
  const bare = { running: null, next: null };
  const counted = (id: string | null, writtenBytes: number | null) =>
    session({ id, writtenBytes, expectedSize: null, expectedSha256: null, slot: null });
  const sees = (open: ReturnType<typeof session>, entry: Partial<JournalEntry>) => {
    const journal = left({ dialect: 'documented', acknowledged: 4096, sentTo: 8192, ...entry });
    const device = status({ ...bare, session: open });
    return preflight(device, plan(), TRAITS.documented, journal, claimLeftBy(journal), NOW);
  };

  it('is over where it counts more than was sent, and where it does not count', () => {
    expect(sees(counted('7', 8193), {})).to.deep.equal({ kind: 'over', because: 'session-spoilt' });
    expect(sees(counted('7', null), {})).to.deep.equal({ kind: 'over', because: 'not-counted' });
  });

  it('is gone on with where it does not count and nothing was sent', () => {
    const nothing = { acknowledged: 0, sentTo: 0 };
    expect(sees(counted('7', null), nothing)).to.deep.equal({ kind: 'on', session: counted('7', 0) });
    expect(sees(counted(null, null), { ...nothing, phase: 'beginning', sessionId: null })).to.include({ kind: 'on' });
  });

  it('is another client’s where it holds any bytes and the answer to begin was lost', () => {
    const beginning = { phase: 'beginning', sessionId: null, acknowledged: 0, sentTo: 0 } as const;
    expect(sees(counted('7', 0), beginning)).to.include({ kind: 'on' });
    expect(sees(counted('7', 4096), beginning)).to.include({ because: 'other-session' });
  });

  it('is recognised by its count where its status names no session', () => {
    for (const sessionId of [null, '7']) {
      expect(sees(counted(null, 4096), { sessionId })).to.include({ kind: 'on' });
      expect(sees(counted(null, 8192), { sessionId })).to.include({ kind: 'on' });
      for (const other of [4095, 8193, null]) {
        expect(sees(counted(null, other), { sessionId }), String(other)).to.include({ because: 'other-session' });
      }
    }
  });

  it('is recognised by being empty where it names no session and the answer to begin was lost', () => {
    const beginning = { phase: 'beginning', sessionId: null, acknowledged: 0, sentTo: 0 } as const;
    expect(sees(counted(null, 0), beginning)).to.include({ kind: 'on' });
    expect(sees(counted(null, 4096), beginning)).to.include({ because: 'other-session' });
    expect(sees(counted(null, 0), { ...beginning, sessionId: '6' })).to.include({ because: 'other-session' });
    expect(sees(session({ id: null, expectedSize: BYTES + 1 }), beginning)).to.include({ because: 'other-session' });
  });

  it('is not claimed by an entry that is only a doubt', () => {
    expect(sees(counted(null, 0), { phase: 'unconfirmed' })).to.include({ because: 'other-session' });
    expect(sees(counted('7', 4096), { phase: 'unconfirmed' })).to.include({ because: 'other-session' });
  });
});

describe('whether a session holds the same image', () => {
  const same = (changes: Parameters<typeof session>[0], dialect: ChunkedDialect = 'shipped') =>
    holdsSameImage(session(changes), plan(), TRAITS[dialect]);

  it('needs size and hash in shipped', () => {
    expect(same({})).to.equal(true);
    expect(same({ expectedSize: null })).to.equal(false);
    expect(same({ expectedSha256: null })).to.equal(false);
  });

  it('needs the size alone, where it is told, in documented: the hash comes at the end', () => {
    expect(same({ expectedSha256: null }, 'documented')).to.equal(true);
    expect(same({ expectedSize: null, expectedSha256: null }, 'documented')).to.equal(true);
    expect(same({ expectedSize: BYTES + 1 }, 'documented')).to.equal(false);
  });

  it('needs a count of bytes that the image can have', () => {
    for (const dialect of ['shipped', 'documented'] as const) {
      expect(same({ writtenBytes: null }, dialect)).to.equal(false);
      expect(same({ writtenBytes: BYTES }, dialect)).to.equal(true);
      expect(same({ writtenBytes: BYTES + 1 }, dialect)).to.equal(false);
    }
  });
});

describe('what the status of a device shows of an image that was handed over', () => {
  const entry = left({ phase: 'restarting' });
  const shows = (device: Partial<DeviceStatus>, journal = entry, now = NOW) => shownEnd(status(device), journal, now);

  it('is that it took it, where it runs it or says so', () => {
    expect(shows({ running: NEW })).to.equal('taken');
    expect(shows({ lastTaken: TAKEN })).to.equal('taken');
  });

  it('is that it went back, where the slot from before runs and nothing is open', () => {
    expect(shows({ running: OLD })).to.equal('rolled-back');
  });

  it('is nothing while a session is open, after too long, or of an update that was not handed over', () => {
    expect(shows({ running: OLD, session: session() })).to.equal('unknown');
    expect(shows({ running: NEW }, entry, NOW + TRUST_A_RESTART_FOR_MS + 1)).to.equal('unknown');
    expect(shows({ running: NEW }, left({ phase: 'writing' }))).to.equal('unknown');
    expect(shows({ running: null })).to.equal('unknown');
    expect(shows({ running: NEW }, left({ phase: 'restarting', previousSlot: null }))).to.equal('unknown');
  });
});
