import type { OpenRequest, RequestLog } from '../request-log.ts';

/**
 * Answers one request, and logs it as `path`. Rejects with what `answer` rejects with, and with the request's own abort
 * reason as soon as the client gives up.
 */
export async function logged(
  log: RequestLog,
  { method, signal }: Request,
  path: string,
  answer: (count: OpenRequest['setBytes']) => Promise<Response>,
): Promise<Response> {
  signal.throwIfAborted();
  const entry = log.open(method, path);
  const gaveUp = new Promise<never>((_, reject) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what the client gave is what it gets back
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    const response = await Promise.race([answer(entry.setBytes), gaveUp]);
    entry.close(response.status);
    return response;
  } catch (error) {
    entry.close(signal.aborted ? 'given up' : 'dropped');
    throw error;
  }
}
