/** The steps of the upload: a chunk, and after a doubt the question where the device is. */
import { afterFinalize } from './after-finalize.ts';
import type { SessionReport } from '../model/link.ts';
import type { Run } from './run.ts';
import type { Step } from './step.ts';
import * as limits from './time-limits.ts';
import { UpdateError } from '../model/update-error.ts';
import { whileAwake } from './while-awake.ts';

export async function write(run: Run): Promise<Step> {
  const { meter, ports, plan } = run;
  // What a yes to the finalize will mean rests on a session that was there.
  if (meter.complete) return { kind: run.link.tellsStatus && !run.sessionShown ? 'ask' : 'finalize' };
  const start = meter.acknowledged;
  const chunk = plan.bytes.subarray(start, chunkEnd(run, start));
  const reached = start + chunk.length;
  run.sentTo = Math.max(run.sentTo, reached);
  const sentAt = ports.clock.now();
  const silenceMs = run.chunkPatience.limit(chunk.length, !run.link.tellsStatus);
  const answering = whileAwake(run, (signal) => run.link.write(chunk, start, { signal, silenceMs }));
  // With the request on its way: neither the device nor the link waits for the database. What was acknowledged before is in it.
  run.note('writing');
  const answer = await answering;
  const foreign = answer.sessionId !== null && answer.sessionId !== (run.session?.id ?? answer.sessionId);
  // Where the device can be asked, it tells more of that session than this answer does.
  if (foreign && !run.link.tellsStatus) throw run.otherSession(null);
  // A counter that disagrees means that bytes were taken twice, or elsewhere: a doubt like a lost answer.
  if (foreign || (answer.writtenBytes !== null && answer.writtenBytes !== reached)) {
    throw new UpdateError('garbled', {
      cause: `the device counts ${answer.writtenBytes ?? '?'} bytes, not ${reached}`,
    });
  }
  run.sessionShown ||= answer.writtenBytes !== null;
  const ms = ports.clock.now() - sentAt;
  run.pace.acknowledged(chunk.length, ms);
  run.chunkPatience.acknowledged(chunk.length, ms);
  run.acknowledged(reached);
  return { kind: 'write' };
}

/**
 * The end of the chunk that starts at `start`: at a block's end where it holds whole blocks, so that none is begun
 * twice. What holds less than one would be cut to pieces by that.
 */
export function chunkEnd(run: Run, start: number): number {
  const { blockSize, total } = run.progress();
  const { size } = run.pace;
  const end = start + size;
  const aligned = end - (end % blockSize);
  return Math.min(total, size >= blockSize && aligned > start ? aligned : end);
}

export async function ask(run: Run): Promise<Step> {
  const status = await run.askStatus(limits.ASK_SILENCE_MS);
  const session = status.session;
  // It said yes to the finalize, and its session is gone since: only a device that took the image says both.
  if (run.saidYes && !session) return { kind: 'end', with: { outcome: 'accepted', hashNamed: false } };
  if (session && isOurs(run, session)) {
    run.sessionShown = true;
    if ((session.writtenBytes ?? 0) > run.sentTo) throw new UpdateError('session-spoilt');
    if (session.writtenBytes === null) {
      // It cannot settle a doubt; after a pause there is none.
      if (run.sentTo > run.meter.acknowledged) throw new UpdateError('not-counted');
      return { kind: 'write' };
    }
  }
  const after = afterFinalize(status, run.plan, run.link.traits, run.written);
  if (after.kind === 'open' && after.writtenBytes >= run.meter.acknowledged) {
    run.sessionShown = true;
    run.acknowledged(after.writtenBytes);
    return { kind: 'write' };
  }
  // Also "our" session with fewer bytes: it restarted, and another one got the same number.
  if (session) throw run.otherSession(session);
  run.sawAfterRestart(status, run.previousSlot);
  throw new UpdateError('session-lost');
}

/**
 * A documented device may name its session in one answer and not in the next. A browser sends a POST again by itself
 * when a reused connection breaks without an answer: without an offset a device takes such a chunk twice, and only its
 * count tells.
 */
function isOurs(run: Run, session: SessionReport): boolean {
  return session.id === null || session.id === run.session?.id;
}
