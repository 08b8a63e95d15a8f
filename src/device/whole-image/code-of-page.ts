import type { UpdateErrorCode } from '../../model/update/error-codes.ts';

/** What the status of a page means that is neither a yes nor a judgement, where the device says no more by it. */
export function codeOfPage(status: number, html: boolean): UpdateErrorCode {
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
      if (status >= 500) return 'device-fault';
      return status < 300 && html ? 'web-page' : 'garbled';
  }
}
