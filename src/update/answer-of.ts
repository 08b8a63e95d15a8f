import { UpdateError } from '../model/update/update-error.ts';
import { trouble, type Trouble } from './steps/step.ts';

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

/** The same of a step. */
export async function resultOf<T>(step: Promise<T>): Promise<T | Trouble> {
  const result = await answerOf(step);
  return result instanceof UpdateError ? trouble(result) : result;
}
