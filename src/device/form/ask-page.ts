/** Finds the page on which a device takes firmware. Asking for it begins nothing. */
import type { RequestOptions } from '../../model/device/link.ts';
import type { Answer } from '../answer.ts';
import type { SignedIn } from '../whole-image/signed-in.ts';
import { type FormPage, readPage, UPDATE } from './form-page.ts';

/** The usual path first. Many a sketch shows the form on its first page, and takes the file there. */
const PLACES = [UPDATE, '/'] as const;

export interface AskedPage {
  readonly page: FormPage | null;
  /** The answer with the page; where there is none, that of the first path. */
  readonly answer: Answer;
}

/**
 * Rejects with `unauthorised` where the device wants another login, and with another `UpdateError` where no answer
 * came.
 */
export async function askPage(signedIn: SignedIn, options: RequestOptions): Promise<AskedPage> {
  let first: Answer | null = null;
  for (const route of PLACES) {
    const answer = await signedIn.ask({ kind: 'identify', method: 'GET', route }, options);
    first ??= answer;
    const page = readPage(answer, route);
    if (page !== null) return { page, answer };
  }
  if (first === null) throw new Error('No place was asked.');
  return { page: null, answer: first };
}
