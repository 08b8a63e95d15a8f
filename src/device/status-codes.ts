import type { UpdateErrorCode } from '../model/update/error-codes.ts';

/** What the status of an answer means by HTTP alone, whoever answers and whatever was asked; null: something else decides. */
export function codeOfStatus(status: number): UpdateErrorCode | null {
  switch (status) {
    case 401:
      return 'unauthorised';
    case 403:
      return 'forbidden';
    case 404:
    case 405:
      return 'no-route';
    case 503:
      return 'busy';
    default:
      // Other 5xx tell as little as 500 does: whether the device acted is not known.
      return status >= 500 ? 'device-fault' : null;
  }
}
