import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { codeOfStatus } from '../status-codes.ts';

/** The code of an answer that is neither a “yes” nor a judgement of the image, where only its status tells. */
export function codeOfPage(status: number, html: boolean): UpdateErrorCode {
  return codeOfStatus(status) ?? (status < 300 && html ? 'web-page' : 'garbled');
}
