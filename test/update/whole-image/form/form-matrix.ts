/** What can go wrong with a device that takes firmware by a form, by what goes wrong. */
import { onEveryOf, onNthOf, type WholeFault } from '../../../../src/simulator/whole/faults.ts';
import { formImage } from '../../../../src/simulator/forms/options.ts';
import type { FormWorld, FormWorldOptions } from './form-world.ts';
import { brokenConnections, byScript, NOT_SEEN, PRESSED, type Trouble } from '../trouble.ts';
import { IMAGE_BYTES } from '../whole-world.ts';

type FormTrouble = Trouble<FormWorld, FormWorldOptions>;

const LOGIN = { user: 'admin', password: 'secret' };

const atUpload = (fault: WholeFault) => byScript<FormWorld>(onNthOf('upload', 1, fault));
const atEveryUpload = (fault: WholeFault) => byScript<FormWorld>(onEveryOf('upload', fault));

export const FORM_TROUBLES = {
  nothing: {},
  ...brokenConnections(atUpload, atEveryUpload),
  'gone before its yes is sent': { given: { losesAnswer: true } },
  'another server’s page': atUpload({ kind: 'garbage' }),
  'a fault of its own': atUpload({ kind: 'status', status: 500 }),
  'wrong password': { given: { asks: LOGIN, saved: { ...LOGIN, password: 'other' } } },
  'no password': { given: { asks: LOGIN } },
  'right password': { given: { asks: LOGIN, saved: LOGIN } },
  'wants its own page': { given: { wantsOrigin: true } },
  'no space': { given: { slotBytes: 32 * 1024 } },
  'wrong magic': { given: { image: formImage(IMAGE_BYTES, '', 11).fill(0, 0, 1) } },
  'image check fails': atUpload({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  'says yes to a damaged one': { given: { alwaysSaysYes: true }, ...atUpload({ kind: 'corrupt', at: 9_000 }) },
  'says yes in other words': { given: { words: { yes: 'Fertig, starte neu', no: 'Das war nichts' } } },
  'says no in other words': {
    given: { words: { yes: 'Fertig', no: 'Das war nichts' }, slotBytes: 32 * 1024 },
  },
  'restarts though it failed': { given: { restartsOnFailure: true, slotBytes: 32 * 1024 } },
  'does not restart by itself': { given: { restartsItself: false } },
  ...NOT_SEEN,
  ...PRESSED,
} as const satisfies Readonly<Record<string, FormTrouble>>;

export type FormTroubleName = keyof typeof FORM_TROUBLES;
