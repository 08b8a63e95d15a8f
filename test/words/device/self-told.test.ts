import { expect } from 'chai';
import type { SelfTold } from '../../../src/model/device/self-told.ts';
import { appInWords } from '../../../src/words/device/app-told.ts';
import { selfToldInWords } from '../../../src/words/device/self-told.ts';

function told(changes: Partial<SelfTold> = {}): SelfTold {
  return {
    isViper: true,
    title: 'Greenhouse',
    version: '1.4.0',
    otas: [{ prefix: '/ota', dialect: 'shipped' }],
    ...changes,
  };
}

const OTA = { prefix: '/ota' };

describe('What is said of what a device tells', () => {
  for (const [changes, routes, words] of [
    [{}, OTA, 'This is Greenhouse, version 1.4.0. It takes updates.'],
    [{ version: null }, OTA, 'This is Greenhouse. It takes updates.'],
    [{}, { prefix: '/fw' }, 'This is Greenhouse, version 1.4.0. It takes updates under /fw.'],
    [{ title: 'ViperHTTP AP' }, OTA, 'A ViperHTTP device answers there. It takes updates.'],
    [{}, null, 'This is Greenhouse, version 1.4.0. It lists no updates: its program must start with ota=True.'],
    [{ isViper: false }, null, ''],
  ] as const) {
    it(`is ${JSON.stringify(words)}`, () => expect(selfToldInWords(told(changes), routes)).to.equal(words));
  }

  it('is the app’s name and version', () => {
    expect(appInWords(told())).to.equal('Greenhouse, version 1.4.0');
    expect(appInWords(told({ version: null }))).to.equal('Greenhouse');
    expect(appInWords(told({ title: null }))).to.equal(null);
  });
});
