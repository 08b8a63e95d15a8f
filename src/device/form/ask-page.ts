/** Finds the page of a device for people who bring it firmware. Nothing is begun by asking for it. */
import type { RequestOptions } from '../../model/device/link.ts';
import type { Answer } from '../answer.ts';
import type { SignedIn } from '../whole-image/signed-in.ts';
import { type FormPage, readPage, UPDATE } from './form-page.ts';

/** Its own place first. Many a sketch shows the form on its first page, and takes the file there. */
const PLACES = [UPDATE, '/'] as const;

export interface AskedPage {
  readonly page: FormPage | null;
  /** Of the first place. */
  readonly answer: Answer;
}

/** Rejects with `unauthorised` where it wants another login, and where no answer came. */
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
