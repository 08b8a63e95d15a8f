/** The steps of the upload: sending a chunk, and after a doubt asking how many bytes the device has. */
import { afterFinalize } from '../what-runs.ts';
import type { SessionReport } from '../../model/device/link.ts';
import type { Run } from '../run.ts';
import { type StepResult, trouble } from './step.ts';
import * as limits from '../time-limits.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { whileAwake } from './while-awake.ts';
import { isShown, saidYes, withAnswer, withSentTo, withShown } from '../known.ts';
import { openedOf } from '../session.ts';

export async function write(run: Run): Promise<StepResult> {
  const { meter, ports, plan } = run;
  // A “yes” to the finalize only means something where a session was seen before, and counts what was sent in it: what
  // says “yes” to every chunk may be no device.
  const isKnown = isShown(run.known) && run.known.isCounted;
  if (meter.complete) return { kind: run.link.tellsStatus && !isKnown ? 'ask' : 'finalize' };
  const start = meter.acknowledged;
  const chunk = plan.bytes.subarray(start, chunkEnd(run, start));
  const reached = start + chunk.length;
  run.become(withSentTo(run.known, reached));
  const sentAt = ports.clock.now();
  const timeoutMs = run.chunkTimeout.limit(chunk.length, !run.link.tellsStatus);
  const answering = whileAwake(run, (signal) => run.link.write(chunk, start, { signal, timeoutMs }));
  // Noted while the request is under way, so that neither the device nor the link waits for the database. The entry has
  // what was acknowledged before.
  run.note('writing');
  const answer = await answering;
  const ourId = openedOf(run.known.session)?.id ?? answer.sessionId;
  const foreign = answer.sessionId !== null && answer.sessionId !== ourId;
  // Where the device can be asked, it tells more of that session than this answer does.
  if (foreign && !run.link.tellsStatus) return trouble(run.otherSession(null));
  // A count that differs means that bytes were taken twice, or in another session: that is a doubt, as after a lost
  // answer.
  if (foreign || (answer.writtenBytes !== null && answer.writtenBytes !== reached)) {
    const cause = `the device counts ${answer.writtenBytes ?? '?'} bytes, not ${reached}`;
    return trouble(new UpdateError('garbled', { cause }));
  }
  run.become(answer.writtenBytes === null ? { isCounted: false } : withShown(run.known));
  const ms = ports.clock.now() - sentAt;
  run.pace.countGood(chunk.length, ms);
  run.chunkTimeout.countGood(chunk.length, ms);
  run.acknowledge(reached);
  return { kind: 'write' };
}

/**
 * The end of the chunk that starts at `start`. A chunk of a block or more ends with a block, so that no block is begun
 * twice; a smaller one would be cut to pieces by that.
 */
export function chunkEnd(run: Run, start: number): number {
  const { blockSize, total } = run.progress();
  const { size } = run.pace;
  const end = start + size;
  const aligned = end - (end % blockSize);
  return Math.min(total, size >= blockSize ? aligned : end);
}

export async function askWhere(run: Run): Promise<StepResult> {
  const status = await run.askStatus(limits.ASK_TIMEOUT_MS);
  const session = status.session;
  // It said “yes” to the finalize, and its session is gone since then: only a device that took the image does both.
  if (saidYes(run.known) && !session) {
    if (!mayHaveRunOut(run)) return { kind: 'end', with: { outcome: 'accepted', hashNamed: false } };
    run.become(withAnswer(run.known, 'yes-after-doubt'));
    return { kind: 'finalize' };
  }
  if (session && isOurs(run, session)) {
    run.become(withShown(run.known));
    const sentTo = openedOf(run.known.session)?.sentTo ?? 0;
    if ((session.writtenBytes ?? 0) > sentTo) return trouble(new UpdateError('session-spoilt'));
    if (session.writtenBytes === null) {
      // A session without a count cannot settle a doubt; after a pause there is none.
      if (sentTo > run.meter.acknowledged) return trouble(new UpdateError('not-counted'));
      return { kind: 'write' };
    }
  }
  const after = afterFinalize(status, run.plan, run.link.traits, run.written);
  if (after.kind === 'open' && after.writtenBytes >= run.meter.acknowledged) {
    run.become(withShown(run.known));
    run.acknowledge(after.writtenBytes);
    return { kind: 'write' };
  }
  // Also "our" session with fewer bytes: the device has restarted, and another session has the same number.
  if (session) return trouble(run.otherSession(session));
  run.seeRestart(status, run.known.previousSlot);
  return trouble(new UpdateError('session-lost'));
}

/**
 * A `documented` device may name its session in one answer and not in the next. A browser repeats a POST by itself when
 * a reused connection breaks without an answer: without an offset a device takes such a chunk twice, and only its count
 * shows it.
 */
function isOurs(run: Run, session: SessionReport): boolean {
  return session.id === null || session.id === openedOf(run.known.session)?.id;
}

/** A session ends by its time limit: one that is gone so long after a mere “yes” may have done so. */
const MAY_RUN_OUT_AFTER_MS = 20_000;

function mayHaveRunOut({ known, ports }: Run): boolean {
  const { session, yesAt } = known;
  const isRefused = session.kind === 'handed-over' && session.answer === 'yes-then-refused';
  return !isRefused && ports.clock.now() - yesAt > MAY_RUN_OUT_AFTER_MS;
}
