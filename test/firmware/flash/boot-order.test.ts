/** Which app of a full-flash file is offered: the one that a device with exactly this flash would start. */
import { expect } from 'chai';
import { inspect } from '../told.ts';
import { takeOut } from '../../../src/firmware/container/inside.ts';
import { buildFlash, buildOtadata, buildPartitionTable } from '../flash-builder.ts';
import type { PartitionRecipe, SelectionRecipe } from '../flash-builder.ts';
import { buildApp, buildBootloader } from '../image-builder.ts';
import type { Bytes } from '../image-builder.ts';

/** Slots of a table, by subtype: the factory app is 0, update slots count from 0x10, the test app is 0x20. */
const PLACES = { factory: 0, ota_0: 0x10, ota_1: 0x11, ota_2: 0x12, test: 0x20 } as const;
type Slot = keyof typeof PLACES;

interface FlashRecipe {
  readonly slots: readonly Slot[];
  /** Slots of the table that hold no app. */
  readonly empty?: readonly Slot[];
  readonly otadata?: Bytes | null;
  /** Whether the table names a boot selector. */
  readonly selector?: boolean;
}

const room = 0x10000;

function buildSlots({ slots, empty = [], otadata = null, selector = true }: FlashRecipe): Bytes {
  const table: PartitionRecipe[] = slots.map((label, index) => ({
    label,
    type: 0,
    subtype: PLACES[label],
    offset: (index + 1) * room,
    size: room,
  }));
  if (selector) table.unshift({ label: 'otadata', type: 1, subtype: 0, offset: 0xe000, size: 0x2000 });
  const apps = table.flatMap(({ label, type, offset }, index): readonly (readonly [number, Bytes])[] =>
    type === 1 || empty.some((one) => one === label) ? [] : [[offset, buildApp({ seed: index + 1 })]],
  );
  return buildFlash([
    [0x1000, buildBootloader()],
    [0x8000, buildPartitionTable(table)],
    ...(otadata === null ? [] : [[0xe000, otadata] as const]),
    ...apps,
  ]);
}

async function offered(recipe: FlashRecipe): Promise<readonly (string | null)[]> {
  return (await inspect(buildSlots(recipe))).inside.map(({ name }) => name);
}

const TWO = ['ota_0', 'ota_1'] as const;
const WITH_FACTORY = ['factory', 'ota_0', 'ota_1'] as const;

function selected(first: SelectionRecipe, second: SelectionRecipe | null = null): Bytes {
  return buildOtadata(0, second, first);
}

describe('among the apps in a full-flash file', () => {
  it('the one that the boot selector selects comes first, with what the bootloader would try next', async () => {
    expect(await offered({ slots: WITH_FACTORY, otadata: selected({ sequence: 1 }) })).to.deep.equal([
      'ota_0',
      'factory',
      'ota_1',
    ]);
    expect(await offered({ slots: WITH_FACTORY, otadata: selected({ sequence: 2 }) })).to.deep.equal([
      'ota_1',
      'ota_0',
      'factory',
    ]);
  });

  it('the first one is named, and taken out', async () => {
    const file = buildSlots({ slots: TWO, otadata: selected({ sequence: 1 }, { sequence: 2 }) });
    const { message, inside } = await inspect(file);
    expect(message).to.match(/\(4 KB, partition ota_1\)\. It holds 2 apps; this is the one that it starts\.$/);
    const [first] = inside;
    if (first === undefined) throw new Error('nothing is offered');
    const taken = await takeOut(file, first);
    expect(taken).to.deep.equal({ kind: 'taken', bytes: buildApp({ seed: 3 }) });
  });

  it('the later selection counts, wherever it stands, and goes round the slots there are', async () => {
    expect((await offered({ slots: TWO, otadata: selected({ sequence: 4 }, { sequence: 3 }) }))[0]).to.equal('ota_1');
    expect((await offered({ slots: TWO, otadata: selected({ sequence: 4 }, { sequence: 5 }) }))[0]).to.equal('ota_0');
    const three = ['ota_0', 'ota_1', 'ota_2'] as const;
    expect((await offered({ slots: three, otadata: selected({ sequence: 6 }) }))[0]).to.equal('ota_2');
  });

  it('a selection does not count that failed, was found invalid, or has a wrong CRC', async () => {
    for (const second of [
      { sequence: 2, state: 3 },
      { sequence: 2, state: 4 },
      { sequence: 2, wrongCrc: true },
    ]) {
      const otadata = selected({ sequence: 1 }, second);
      expect((await offered({ slots: TWO, otadata }))[0], JSON.stringify(second)).to.equal('ota_0');
    }
    expect((await offered({ slots: TWO, otadata: selected({ sequence: 1 }, { sequence: 2, state: 2 }) }))[0]).to.equal(
      'ota_1',
    );
  });

  it('the factory app comes first where nothing is selected, and where there is none, the first slot', async () => {
    const nothing: readonly Partial<FlashRecipe>[] = [
      { otadata: null },
      { otadata: selected({ sequence: 0xffffffff }) },
      { otadata: selected({ sequence: 2, wrongCrc: true }) },
      { otadata: selected({ sequence: 2, state: 4 }) },
      { selector: false },
    ];
    for (const recipe of nothing) {
      expect((await offered({ slots: ['ota_0', 'ota_1', 'factory'], ...recipe }))[0]).to.equal('factory');
      expect((await offered({ slots: TWO, ...recipe }))[0]).to.equal('ota_0');
    }
  });

  it('an empty slot is passed over as the bootloader does, and the test app comes last', async () => {
    const otadata = selected({ sequence: 2 });
    expect(await offered({ slots: [...WITH_FACTORY, 'test'], empty: ['ota_1'], otadata })).to.deep.equal([
      'ota_0',
      'factory',
      'test',
    ]);
  });

  it('the selector is read where it is in the file, also where the file starts at its bootloader', async () => {
    const flash = buildSlots({ slots: TWO, otadata: selected({ sequence: 2 }) });
    const { inside } = await inspect(flash.slice(0x1000));
    expect(inside.map(({ name, offset }) => [name, offset])).to.deep.equal([
      ['ota_1', 0x1f000],
      ['ota_0', 0xf000],
    ]);
  });

  it('a selector that the file ends before selects nothing', async () => {
    const table = [
      { label: 'ota_0', type: 0, subtype: 0x10, offset: 0x10000, size: room },
      { label: 'otadata', type: 1, subtype: 0, offset: 0x20000, size: 0x2000 },
    ];
    const flash = buildFlash([
      [0x1000, buildBootloader()],
      [0x8000, buildPartitionTable(table)],
      [0x10000, buildApp()],
    ]);
    expect((await inspect(flash)).inside.map(({ name }) => name)).to.deep.equal(['ota_0']);
  });
});
