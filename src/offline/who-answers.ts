/**
 * Whether the page that the network has is ours. A port is lent: another project may be served on it tomorrow, and it has
 * the same origin, this worker, and what this worker keeps.
 */

/** In index.html, and so on any host that serves it; what our own host says besides would be missed elsewhere. */
const MARK = /<meta\s+name="application-name"\s+content="Moult"/;

/** The mark stands in the head; whoever sends more before it is somebody else. */
const LOOKED_AT_BYTES = 16 * 1024;

/**
 * `unknown`: nothing can be told, so what is kept is shown, as without a network. A proxy whose host is off says 5xx, one
 * that wants to know who asks says 401 or 403, and 429 is no answer at all.
 */
export type WhoAnswers = 'moult' | 'stranger' | 'unknown';

/** `answer` can still be read afterwards. */
export async function whoAnswers(answer: Response): Promise<WhoAnswers> {
  const { status, ok } = answer;
  if (status >= 500 || status === 401 || status === 403 || status === 429) return 'unknown';
  return ok && MARK.test((await beginning(answer.clone())).slice(0, LOOKED_AT_BYTES)) ? 'moult' : 'stranger';
}

async function beginning({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  while (reader !== undefined && bytes < LOOKED_AT_BYTES) {
    const { value } = await reader.read();
    if (value === undefined) return text;
    bytes += value.length;
    text += decoder.decode(value, { stream: true });
  }
  // Without waiting: of two readers of one body, neither is let go before the other.
  void reader?.cancel();
  return text;
}
