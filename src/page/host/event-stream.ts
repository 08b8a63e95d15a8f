/** Server-sent events, as far as the host sends them: `EventSource` can send neither a key nor a body. */
import type { Clock } from '../../model/clock.ts';

/** The host gives a sign of life every 15 s (docs/host-jobs.md); three that are missing are a connection that is gone. */
export const SILENT_MS = 45_000;

/** The `data` of each event. Ends where the stream breaks off, or is silent for too long. */
export async function* eventStream(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  clock: Pick<Clock, 'sleep'>,
): AsyncGenerator<string, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const part = await nextPart(reader, clock);
      if (part === null) return;
      text += decoder.decode(part, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = event.split('\n').find((line) => line.startsWith('data:'));
        // A comment is a sign of life.
        if (data !== undefined) yield data.slice('data:'.length).trimStart();
      }
    }
  } finally {
    // One that is broken rejects.
    await reader.cancel().catch(() => undefined);
  }
}

/** Null where there is no more of it. */
async function nextPart(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  clock: Pick<Clock, 'sleep'>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const heard = new AbortController();
  const silence = clock.sleep(SILENT_MS, heard.signal).then(
    () => null,
    // It is not waited for any more.
    () => null,
  );
  // A stream that breaks off rejects, or was aborted.
  const reading = reader.read().then(
    ({ value }) => value ?? null,
    () => null,
  );
  const part = await Promise.race([reading, silence]);
  heard.abort();
  return part;
}
