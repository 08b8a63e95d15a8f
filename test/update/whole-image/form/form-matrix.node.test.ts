/**
 * Each trouble of an upload by a form, on devices that differ in what they keep of a half upload, what they check and
 * what they tell.
 */
import { expect } from 'chai';
import { inShort, playTrouble, type Trouble } from '../trouble.ts';
import { type Column, type ColumnName, COLUMNS, EXPECTED } from './form-expected.ts';
import { FORM_TROUBLES, type FormTroubleName } from './form-matrix.ts';
import { FormWorld, type FormWorldOptions, NEW_BUILD } from './form-world.ts';

const PREDICTED = {
  tells: { product: 'ESPEasy', version: NEW_BUILD.replace('ESP_Easy_', ''), release: null, installsFrom: null },
} as const;

before(() => FormWorld.ready());

async function played(name: FormTroubleName, column: Column) {
  const trouble: Trouble<FormWorld, FormWorldOptions> = FORM_TROUBLES[name];
  const world = new FormWorld({
    ...(column.kind === 'espeasy' ? { inspection: PREDICTED } : {}),
    ...column,
    ...trouble.given,
  });
  const end = await playTrouble(world, trouble);
  return { seen: inShort(end, world.runs, world.uploads), world };
}

describe('the fault matrix of an image that goes whole, by a form', () => {
  for (const [name, cells] of Object.entries(EXPECTED) as [FormTroubleName, Readonly<Record<ColumnName, string>>][]) {
    for (const [column, expected] of Object.entries(cells) as [ColumnName, string][]) {
      it(`${name}, on ${column}`, async () => {
        const { seen, world } = await played(name, COLUMNS[column]);
        expect(seen).to.equal(expected);
        expect(world.device.appended, 'nothing is sent behind a half').to.equal(0);
        expect(world.device.requestsInFlightMax, 'one request at a time').to.be.at.most(1);
      });
    }
  }
});
