import { expect } from 'chai';
import { inspect } from '../../../src/firmware/inspect.ts';
import { statedName } from '../../../src/firmware/image/stated-name.ts';
import { buildApp } from '../image-builder.ts';
import type { AppRecipe } from '../image-builder.ts';

const stated = async (recipe: AppRecipe): Promise<unknown> => statedName(await inspect(buildApp(recipe)));

describe('the name of a firmware', () => {
  it('is what it states', async () => {
    expect(await stated({ project: 'kitchen', version: '1.4.2' })).to.deep.equal({
      project: 'kitchen',
      version: '1.4.2',
    });
  });

  it('is not stated where it is empty, or the name of Arduino’s core', async () => {
    const nothing = { project: null, version: null };
    expect(await stated({ project: '', version: '' })).to.deep.equal(nothing);
    expect(await stated({ project: 'arduino-lib-builder', version: 'esp-idf: v4.4.7' })).to.deep.equal(nothing);
  });

  it('is the board and version of MicroPython’s banner', async () => {
    const banner = 'MicroPython v1.27.0 on 2026-01-07';
    const nameless = { project: '', version: '' };
    expect(await stated({ ...nameless, strings: [`${banner}; My board with ESP32`] })).to.deep.equal({
      project: 'My board with ESP32',
      version: 'v1.27.0',
    });
    expect(await stated({ ...nameless, strings: [banner] })).to.deep.equal({
      project: 'MicroPython',
      version: 'v1.27.0',
    });
  });
});
