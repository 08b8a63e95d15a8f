import { UpdateError } from '../model/update/update-error.ts';

/**
 * What a request to a device comes to: its answer, or the error that it was rejected with. Links reject where a request
 * fails, and here that becomes a value. Rejects for a defect only.
 */
export async function answerOf<T>(request: Promise<T>): Promise<T | UpdateError> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    return error;
  }
}
