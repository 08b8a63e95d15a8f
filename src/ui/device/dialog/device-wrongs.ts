/** What is wrong in the dialog "Device": a sentence at each field, and one about them all. */
import type { DeviceForm, FormField, Wrong } from '../../../state/device/read-form.ts';
import { ADDRESS, HEADER, NAME, PATH, wrongFieldsText } from '../../../words/device/dialog/device-dialog.ts';
import { formProblemInWords } from '../../../words/device/dialog/form-problem.ts';
import { TOKEN, USER_AND_PASSWORD } from '../../../words/device/dialog/device-secrets.ts';
import { GROUP } from '../../../words/kit/fields.ts';

export type Wrongs = Readonly<Partial<Record<FormField, string>>>;

/** In the order in which the fields stand. */
const LABELS: Readonly<Record<FormField, string>> = {
  name: NAME,
  address: ADDRESS,
  token: TOKEN,
  group: GROUP,
  prefix: PATH,
  tokenHeader: HEADER,
  login: USER_AND_PASSWORD,
};
const FIELDS = ['name', 'address', 'token', 'group', 'prefix', 'tokenHeader', 'login'] as const satisfies FormField[];

export function wrongsOf(wrongs: readonly Wrong[]): Wrongs {
  return Object.fromEntries(wrongs.map(({ field, problem }) => [field, formProblemInWords(problem)]));
}

/** What was wrong with a field is not said of what stands in it now. */
export function without(wrongs: Wrongs, changed: Partial<DeviceForm>): Wrongs {
  return Object.fromEntries(Object.entries(wrongs).filter(([field]) => !(field in changed)));
}

/** The fields that are wrong, the uppermost first. */
export function wrongFields(wrongs: Wrongs): readonly FormField[] {
  return FIELDS.filter((field) => wrongs[field] !== undefined);
}

/** Empty where there is no more than one: that is said where the focus goes. */
export function summaryOf(wrongs: Wrongs): string {
  const fields = wrongFields(wrongs);
  return fields.length < 2 ? '' : wrongFieldsText(fields.map((field) => LABELS[field]));
}
