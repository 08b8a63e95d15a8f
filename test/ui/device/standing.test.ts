import { expect } from 'chai';
import type { CheckView } from '../../../src/state/device/check/check-view.ts';
import { AT_REST } from '../../../src/state/update/update-view.ts';
import { inOrder } from '../../../src/ui/device/list/device-order.ts';
import { needsAttention, standingOf, type Standing } from '../../../src/ui/device/standing.ts';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import { ended } from '../../state/given.ts';
import { aDevice, aJournalEntry } from '../../storage/samples.ts';

const ANSWERED: CheckView = { kind: 'answered', dialect: null, status: null, note: null, at: 0 };
const FAILED: CheckView = { kind: 'failed', code: 'unreachable', words: { title: '', detail: '' } };

describe('How a device stands', () => {
  it('is what its last answer was, where no update speaks for it', () => {
    expect(standingOf(AT_REST, { kind: 'unasked' })).to.equal('unasked');
    expect(standingOf(AT_REST, { kind: 'asking' })).to.equal('asking');
    expect(standingOf(AT_REST, ANSWERED)).to.equal('online');
    expect(standingOf(AT_REST, FAILED)).to.equal('offline');
    // It did answer.
    expect(standingOf(AT_REST, { ...FAILED, code: 'unauthorised' })).to.equal('needs');
  });

  it('is what its update needs, whatever it answered', () => {
    expect(standingOf({ kind: 'offer', entry: aJournalEntry(), firmware: null }, ANSWERED)).to.equal('needs');
    const firmware = { sha256: '', name: '', version: null };
    expect(standingOf({ kind: 'preparing', firmware }, FAILED)).to.equal('updating');
  });

  it('is called updated only where the device runs the file', () => {
    const firmware = { sha256: '', name: '', version: null };
    const after = (outcome: Outcome): Standing =>
      standingOf({ kind: 'ended', firmware, state: outcome, at: 0, words: { title: '', detail: '' } }, ANSWERED);
    expect(after(ended())).to.equal('updated');
    expect(after(ended({ outcome: 'accepted', hashNamed: true }))).to.equal('accepted');
    expect(after(ended({ outcome: 'staged', slot: null }))).to.equal('staged');
  });

  it('needs attention where something failed, waits or does not answer', () => {
    const all = [
      'failed',
      'needs',
      'updating',
      'updated',
      'accepted',
      'staged',
      'offline',
      'asking',
      'online',
    ] as const;
    expect(all.filter(needsAttention)).to.deep.equal(['failed', 'needs', 'offline']);
  });
});

describe('The order of the list', () => {
  const devices = [
    aDevice({ id: 'a', name: 'Sensor 10', group: null, lastSeen: 5 }),
    aDevice({ id: 'b', name: 'Sensor 9', group: 'House', lastSeen: null }),
    aDevice({ id: 'c', name: 'Attic', group: 'Garden', lastSeen: 9 }),
  ];
  const standings: Readonly<Record<string, Standing>> = { a: 'online', b: 'failed', c: 'offline' };
  const sorted = (key: Parameters<typeof inOrder>[1]): string =>
    inOrder(
      devices,
      key,
      ({ id }) => standings[id] ?? 'unasked',
      ({ id }) => `1.${id === 'a' ? 10 : 9}.0`,
    )
      .map(({ id }) => id)
      .join('');

  it('has first what is most pressing', () => {
    expect(sorted('attention')).to.equal('bca');
  });

  it('counts the numbers in names and versions', () => {
    expect(sorted('name')).to.equal('cba');
    expect(sorted('version')).to.equal('bca');
  });

  it('puts devices in no group last, and those that were never seen', () => {
    expect(sorted('group')).to.equal('cba');
    expect(sorted('seen')).to.equal('cab');
  });
});
