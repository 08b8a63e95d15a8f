import { expect } from 'chai';
import type { SelfTold } from '../../../src/model/device/self-told.ts';
import { filledIn, routesFor } from '../../../src/state/device/told-in-form.ts';
import { form } from '../given.ts';

function told(changes: Partial<SelfTold> = {}): SelfTold {
  return {
    isViper: true,
    title: 'Greenhouse',
    version: '1.4.0',
    otas: [{ prefix: '/ota', dialect: 'shipped' }],
    ...changes,
  };
}

const FW = { prefix: '/fw', dialect: 'shipped' } as const;
const empty = form({ name: '', address: '192.168.1.50', prefix: '/ota' });

describe('What the dialog fills in of what a device tells', () => {
  it('is the app’s name, where none was typed', () => {
    expect(filledIn(empty, told(), new Set(), [])).to.deep.equal({
      name: 'Greenhouse',
      prefix: '/ota',
      dialect: 'shipped',
    });
    const named = { ...empty, name: 'Kitchen' };
    expect(filledIn(named, told(), new Set(['name']), [])).to.deep.equal({ prefix: '/ota', dialect: 'shipped' });
    expect(filledIn(empty, told(), new Set(['name']), []).name, 'typed, and taken away').to.equal('Greenhouse');
  });

  it('is another name for each of many boards with one program', () => {
    expect(filledIn(empty, told(), new Set(), ['Greenhouse', 'Greenhouse 2']).name).to.equal('Greenhouse 3');
  });

  it('is no name where the author gave none', () => {
    for (const title of [null, 'ViperHTTP AP', 'ViperHTTP API']) {
      expect(filledIn(empty, told({ title }), new Set(), [])).not.to.have.property('name');
    }
  });

  it('is the path of the updates, where none was typed, in its field or with the address', () => {
    const moved = told({ otas: [FW] });
    expect(filledIn(empty, moved, new Set(), []).prefix).to.equal('/fw');
    expect(filledIn({ ...empty, address: 'http://esp32.local/' }, moved, new Set(), []).prefix).to.equal('/fw');
    expect(filledIn(empty, moved, new Set(['prefix']), [])).not.to.have.any.keys('prefix', 'dialect');
    for (const address of ['192.168.1.50/ota', 'http://esp32.local:81/ota', 'esp32.local//x']) {
      expect(filledIn({ ...empty, address }, moved, new Set(), []), address).not.to.have.property('prefix');
    }
  });

  it('leaves the path where it is one of several, or where no updates are listed', () => {
    const two = told({ otas: [FW, { prefix: '/ota', dialect: 'documented' }] });
    expect(filledIn(empty, two, new Set(), [])).to.include({ prefix: '/ota', dialect: 'documented' });
    expect(routesFor(two, '/ota')?.dialect).to.equal('documented');
    expect(routesFor(two, '/other')).to.equal(FW);
    expect(filledIn(empty, told({ otas: [] }), new Set(), [])).not.to.have.property('prefix');
  });
});
