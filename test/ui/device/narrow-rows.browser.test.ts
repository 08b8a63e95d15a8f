import { expect } from 'chai';
import type { WritableAtom } from 'nanostores';
import type { CheckView } from '../../../src/state/device/check/check-view.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { aDevice, ran } from '../../storage/samples.ts';
import { all, button, chooseFile, until } from '../finding.ts';
import { useOpenPage } from '../opened.ts';

/** Of a phone. */
const EDGES = 32;
const LONG = '1.4.2-rc1+build.20260116';

/** Of few words, of none, of a long one; and one that gave no answer, which is said before it. */
const DEVICES = ['1.4.1', null, '1.4.1-rc2+build.20260115', '1.4.0', '1.4.1'].map((version, at) =>
  aDevice({
    id: `d${at}`,
    name: `Sensor ${at}`,
    origin: `http://192.0.2.${at}:8080`,
    group: 'House',
    runs: version === null ? null : { ...ran(''), version },
  }),
);

describe('A row on a phone', () => {
  const page = useOpenPage();

  for (const width of [320, 390]) {
    it(`says in full what its device runs and gets, ${width} px wide, and is no higher for usual words`, async () => {
      const { app } = page;
      await app.devices.saveAll(DEVICES, new Map());
      const view = await until('the view', () => all('devices-view')[0]);
      view.style.width = `${width - EDGES}px`;
      await until('the rows', () => all('device-row').length === DEVICES.length);
      const check = app.checks.$check('d3') as WritableAtom<CheckView>;
      check.set({ kind: 'failed', code: 'unreachable', words: { title: 'Failed', detail: 'No answer.' } });
      const gets = (version: string): Promise<true> =>
        until(`${version} in all`, () => all('.version').every((each) => each.textContent.endsWith(` ${version}`)));

      await chooseFile('kitchen.bin', buildApp({ version: LONG }));
      await gets(LONG);
      for (const each of all('.version')) {
        const { textContent: words } = each;
        const room = (each.closest('.words') ?? view).getBoundingClientRect();
        const { left, right, bottom } = each.getBoundingClientRect();
        expect(each.scrollWidth, words).to.be.at.most(each.clientWidth);
        expect(right - left, words).to.be.above(0);
        expect(right, words).to.be.at.most(room.right);
        expect(bottom, words).to.be.at.most(room.bottom);
      }

      await chooseFile('kitchen.bin', buildApp({ version: '1.4.2' }));
      await gets('1.4.2');
      const target = (await button('Check all')).offsetHeight;
      expect(all('device-row').map((row) => row.offsetHeight)[4]).to.equal(target);
      expect(all('device-row').map((row) => row.offsetHeight)[1], 'of an unknown version').to.equal(target);
    });
  }
});
