/** The result of asking a device for its status, and the error where it fits no dialect. */
import type { DeviceLink } from '../../model/device/link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { Answer } from '../answer.ts';

/** The result of asking for the status with one header. */
export type Finding =
  | { readonly kind: 'link'; readonly link: DeviceLink }
  /** It can be read, and is not a snapshot. */
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'no-route'; readonly error: UpdateError }
  | { readonly kind: 'refused-token'; readonly error: UpdateError }
  | { readonly kind: 'unreadable'; readonly error: UpdateError };

/** The result of a header that opened no link. */
export type NoLink = Exclude<Finding, { kind: 'link' }>;

/** Why a device that told that it is `shipped` gets no such link. Null: its status was not asked for. */
export function notShipped(byHeader: NoLink | null): UpdateError {
  switch (byHeader?.kind) {
    case 'refused-token':
      return byHeader.error;
    case 'no-route':
      // It told that it has this very route, so that another try may find it.
      return garbled(byHeader.error.status, byHeader.error);
    case 'unreadable':
      return new UpdateError('unreadable', { cause: byHeader.error });
    case 'answer':
      return garbled(byHeader.answer.status);
    case undefined:
      return garbled(null);
  }
}

export function noRoute(finding: Extract<Finding, { kind: 'answer' | 'no-route' }>): UpdateError {
  return finding.kind === 'no-route' ? finding.error : new UpdateError('no-route', { status: finding.answer.status });
}

/** An answer that is whole and not empty will not fit at another try either. */
export function misfit({ status, text }: Answer, cause: UpdateError): UpdateError {
  return text.trim() === '' ? garbled(status, cause) : new UpdateError('unknown-format', { status, cause });
}

export function garbled(status: number | null, cause?: UpdateError): UpdateError {
  return new UpdateError('garbled', { status, cause });
}
