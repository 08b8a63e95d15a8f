import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { codeOfStatus } from '../status-codes.ts';

/** What the status of a page means that is neither a yes nor a judgement, where the device says no more by it. */
export function codeOfPage(status: number, html: boolean): UpdateErrorCode {
  return codeOfStatus(status) ?? (status < 300 && html ? 'web-page' : 'garbled');
}
