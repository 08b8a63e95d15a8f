import { expect } from 'chai';
import { isSameSlot, mayBeOnlyUpdate, updateSlotOf } from '../../../src/model/device/slots.ts';
import type { Slot } from '../../../src/model/device/link.ts';
import { NEW, OLD, session, status } from '../../update/scripted/scripted.ts';

const FACTORY: Slot = { label: 'factory', address: 0x8000, size: OLD.size, subtype: 0 };

describe('two slots', () => {
  it('are one where name or place is the same, and never where one of them is not known', () => {
    expect(isSameSlot(OLD, { label: OLD.label, address: null })).to.equal(true);
    expect(isSameSlot(OLD, { label: '0x10000', address: OLD.address })).to.equal(true);
    expect(isSameSlot(OLD, NEW)).to.equal(false);
    expect(isSameSlot({ label: 'a', address: null }, { label: 'b', address: null })).to.equal(false);
    expect(isSameSlot(null, null)).to.equal(false);
    expect(isSameSlot(OLD, null)).to.equal(false);
  });
});

describe('the slot that an update would be written to', () => {
  it('is free where another one runs', () => {
    expect(updateSlotOf(status())).to.equal('free');
    expect(updateSlotOf(status({ running: FACTORY, next: OLD }))).to.equal('free');
  });

  it('is the one that runs where name or place says so: the device has no other', () => {
    expect(updateSlotOf(status({ next: OLD }))).to.equal('runs');
    expect(updateSlotOf(status({ next: { ...OLD, label: 'app' } }))).to.equal('runs');
    expect(updateSlotOf(status({ session: session({ slot: OLD }) }))).to.equal('runs');
  });

  it('is none where the device names what runs and nothing to write to', () => {
    expect(updateSlotOf(status({ next: null }))).to.equal('none');
  });

  it('is not known where the device tells no slots', () => {
    expect(updateSlotOf(status({ running: null, next: null }))).to.equal(null);
    expect(updateSlotOf(null)).to.equal(null);
  });
});

describe('an update from the factory slot', () => {
  it('may be the only one over the air: the published board has one slot beside the factory slot', () => {
    expect(mayBeOnlyUpdate({ running: FACTORY, next: OLD })).to.equal(true);
    expect(mayBeOnlyUpdate({ running: { label: 'factory', address: null, size: null }, next: OLD })).to.equal(true);
  });

  it('is not the only one from any other slot, or to none', () => {
    expect(mayBeOnlyUpdate({ running: { ...OLD, subtype: 16 }, next: NEW })).to.equal(false);
    expect(mayBeOnlyUpdate({ running: { ...FACTORY, subtype: 16 }, next: NEW }), 'a name alone').to.equal(false);
    expect(mayBeOnlyUpdate({ running: FACTORY, next: null })).to.equal(false);
    expect(mayBeOnlyUpdate({ running: FACTORY, next: FACTORY })).to.equal(false);
    expect(mayBeOnlyUpdate({ running: null, next: OLD })).to.equal(false);
  });
});
