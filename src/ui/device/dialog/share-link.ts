/**
 * A device as a link: what one phone shows and another one scans. All of it stands in the fragment: no server sees it, and
 * the history of each browser that opens it keeps it.
 */
import { addressOf } from '../../../state/device/device-of-form.ts';
import { DEFAULT_PREFIX, DEFAULT_TOKEN_HEADER } from '../../../state/device/read-form.ts';
import type { Device } from '../../../model/device/device.ts';
import { placeIn, type Place } from '../../shell/routes.ts';

/** `page`: where Moult is open, without a fragment. `sealed`: the token under a short code (`HandOver`); null: without it. */
export function shareLink(page: string, device: Device, sealed: string | null): string {
  const { name, typed, prefix, tokenHeader } = device;
  const said = new URLSearchParams({
    name,
    address: prefix === DEFAULT_PREFIX ? typed : addressOf(device.origin) + prefix,
    ...(sealed === null ? {} : { sealed }),
    ...(tokenHeader === DEFAULT_TOKEN_HEADER ? {} : { header: tokenHeader }),
  });
  return `${page}#/add?${said.toString()}`;
}

/** The device in a scanned or pasted text, from whatever page the link is; null where the text is no such link. */
export function deviceInLink(text: string): Place['adding'] {
  const at = text.indexOf('#/add?');
  if (at === -1) return null;
  const adding = placeIn(text.slice(at).trim()).adding;
  return adding?.address === '' ? null : adding;
}
