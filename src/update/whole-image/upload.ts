/**
 * The upload of an image that goes whole: one request, watched while it is under way. Nothing else is asked meanwhile.
 */
import type { UploadAnswer } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { ActiveState } from '../../model/update/update-state.ts';
import { answerOf } from '../answer-of.ts';
import { trouble } from '../steps/step.ts';
import { SLOWEST_LINK } from '../time-limits.ts';
import { sentIn, withLost, withRefused } from './whole-known.ts';
import type { WholeResult } from './whole-step.ts';
import type { WholeRun } from './whole-run.ts';

/**
 * After so long without a sign of the upload, or of its answer, it is given up. A device checks the whole image before
 * it answers, and what both sides have buffered takes some time after the last sign.
 */
export const UPLOAD_SILENCE_MS = 90_000;

/** Yields a state whenever more has gone. Returns the step that follows, or the error that it broke off with. */
export async function* upload(
  run: WholeRun,
  stateOf: (more: Pick<ActiveState, 'pause'>) => ActiveState,
): AsyncGenerator<ActiveState, WholeResult, void> {
  const { plan, link, controls } = run.parts;
  run.begin();
  const news = new News();
  const done: { result: UploadAnswer | UpdateError | null } = { result: null };
  const request = link.upload(plan.bytes, {
    signal: controls.cancelled,
    timeoutMs: link.tellsSent ? UPLOAD_SILENCE_MS : UPLOAD_SILENCE_MS + plan.bytes.length / SLOWEST_LINK,
    withoutCheck: run.withoutCheck,
    onSent: (bytes) => {
      const before = sentIn(run.known);
      run.countSent(bytes);
      // From here on it may restart into the new image.
      if (sentIn(run.known) === 'all' && before !== 'all') run.note('finalizing');
      news.tell();
    },
  });
  const sending = answerOf(request).then((answer) => void (done.result = answer));
  let pause: ActiveState['pause'] = 'impossible';
  const over = new AbortController();
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await controls.changed(over.signal);
      news.tell();
    }
  };
  void watch();
  try {
    while (resultOf(done) === null) {
      yield stateOf({ pause });
      await Promise.race([sending, news.next()]);
      if (!controls.paused || controls.cancelled.aborted) continue;
      // The device takes the image in one piece, so that a pause is not possible.
      controls.resume();
      pause = 'refused';
    }
  } finally {
    over.abort();
  }
  const result = resultOf(done) ?? new UpdateError('aborted');
  if (!(result instanceof UpdateError)) {
    if (result.kind === 'taken') run.takeYes();
    else run.become(withRefused(run.known));
    return result.kind === 'taken'
      ? { kind: 'look' }
      : { kind: 'end', with: { outcome: 'rejected', said: result.said } };
  }
  // An HTML page of another server is no answer of the device.
  const isAnswer = result.status !== null && result.code !== 'web-page' && result.code !== 'garbled';
  run.become(isAnswer ? withRefused(run.known) : withLost(run.known, result));
  return trouble(result);
}

/** A function, since TypeScript would not expect the value to change. */
function resultOf(done: { readonly result: UploadAnswer | UpdateError | null }): UploadAnswer | UpdateError | null {
  return done.result;
}

/** Wakes the one who waits for news. News that came before are kept until the next wait. */
class News {
  #isNew = false;
  #tell: () => void = () => undefined;

  tell(): void {
    this.#isNew = true;
    this.#tell();
  }

  async next(): Promise<void> {
    if (!this.#isNew) await new Promise<void>((resolve) => (this.#tell = resolve));
    this.#isNew = false;
  }
}
