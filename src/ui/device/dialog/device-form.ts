/** What the dialog "Device" starts with. */
import { DEFAULT_TOKEN_HEADER, EMPTY_FORM, type DeviceForm } from '../../../state/device/read-form.ts';
import type { TokenKeeping } from '../../../model/page/stores.ts';
import type { DialogSubject } from '../../kit/events.ts';

/** A saved device's token is not in its form: null keeps it. */
export function formOf(subject: DialogSubject, keeping: ReadonlyMap<string, TokenKeeping>): DeviceForm {
  if (subject.kind === 'new') {
    const { name, address, token, tokenHeader = DEFAULT_TOKEN_HEADER } = subject;
    return { ...EMPTY_FORM, name, address, token, tokenHeader };
  }
  const { id, name, typed, protocol, prefix, tokenHeader, chipId, group, patienceMs } = subject.device;
  const keepPlain = keeping.get(id) === 'plain';
  const form = {
    ...EMPTY_FORM,
    name,
    address: typed,
    keepPlain,
    protocol,
    prefix,
    tokenHeader,
    chipId,
    group: group ?? '',
  };
  const whole = patienceMs === undefined ? form : { ...form, patienceMs };
  const { said } = subject;
  if (said === undefined) return whole;
  return {
    ...whole,
    name: said.name.trim() || name,
    token: said.token === '' ? null : said.token,
    tokenHeader: said.tokenHeader ?? tokenHeader,
  };
}

/**
 * The id of what the focus begins on: of a link or a code, what it leaves to be typed. Undefined: on the first there is.
 */
export function firstField(subject: DialogSubject): string | undefined {
  if (subject.kind === 'saved') return subject.field;
  if (subject.address === '' || subject.token !== '') return undefined;
  return subject.sealed === undefined ? 'token' : 'sealed';
}
