/** The steps before the first byte: which dialect, whether the image may go there, and a session for it. */
import { refusalOf } from '../../model/firmware/fit.ts';
import type { UpdatePlan } from '../../model/update/plan.ts';
import type { DeviceStatus, SessionReport } from '../../model/device/link.ts';
import { answerOf } from '../answer-of.ts';
import { preflight, previousSlotLeft, slotLeft, wasHandedOver, wasLeftHolding } from '../preflight.ts';
import { mayBeAnswerToResend } from '../decide.ts';
import { isDoubt } from '../backoff.ts';
import type { Run } from '../run.ts';
import { isSameSlot, mayBeOnlyUpdate } from '../../model/device/slots.ts';
import { Refusal, type StepResult, trouble } from './step.ts';
import * as limits from '../time-limits.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { withBeginSent } from '../known.ts';
import { isWholeImage } from '../../model/device/whole-image-link.ts';

export async function open(run: Run): Promise<StepResult> {
  // Where the link is opened again, the journal holds what this run itself has noted.
  const { guessRefused } = run.known;
  if (!guessRefused) {
    const found = await run.ports.journal.read(run.plan.deviceId).catch(() => null);
    // Where it is opened once more, it may have restarted since the last try.
    const isInDoubt = wasHandedOver(found) || found?.finalizeSent === true;
    const earlierFinalize = isInDoubt || run.known.earlierFinalize;
    run.become({ left: found, earlierFinalize, mayHoldAnother: wasLeftHolding(found) });
  }
  const link = await run.ports.open({ signal: run.signal, timeoutMs: limits.ASK_TIMEOUT_MS });
  if (isWholeImage(link)) return { kind: 'whole-image', link };
  // The dialect is a guess again, so the refusal is final.
  if (guessRefused && !link.certain) return trouble(guessRefused);
  const { left } = run.known;
  // A guess from one garbled answer is no reason to believe that the device has another dialect than in the earlier
  // run.
  if (left && !link.certain && link.dialect !== left.dialect) {
    return trouble(new UpdateError('garbled', { cause: `it answers as ${link.dialect}, and spoke ${left.dialect}` }));
  }
  run.useLink(link);
  return { kind: 'check' };
}

export async function check(run: Run): Promise<StepResult> {
  const status = run.link.tellsStatus ? await run.askStatus(limits.ASK_TIMEOUT_MS) : null;
  const left = run.isBegun ? null : run.leftOfThis;
  if (!status) {
    const refusal = refusalOfImage(run, null);
    if (refusal !== null) return trouble(refusal);
    // The device may have taken what was handed over, and cannot be asked.
    if (wasHandedOver(left)) return trouble(new UpdateError('unconfirmed'));
    return { kind: 'begin', force: false };
  }

  const plan = { ...run.plan, takeOver: run.known.misbegun ?? run.plan.takeOver };
  const way = preflight(status, plan, run.link.traits, left, run.claim(), run.ports.clock.date());
  // Where the image was handed over before, nothing is sent: only its end is left to see.
  const isOver = way.kind === 'watch' || way.kind === 'rolled-back';
  if (run.plan.onlyLook === true && !isOver) return trouble(new UpdateError('unconfirmed'));
  const refusal = isOver ? null : refusalOfImage(run, status);
  if (refusal !== null) return trouble(refusal);
  learnFrom(run, status);
  switch (way.kind) {
    case 'no':
      if (way.because === 'other-session') return trouble(run.otherSession(way.session));
      if (way.because === 'unsupported') return trouble(new Refusal(way.because));
      run.seeRestart(status, previousSlotLeft(left));
      return trouble(new UpdateError(way.because));
    case 'over':
      return trouble(new UpdateError(way.because));
    case 'rolled-back': {
      const { slot, fellBack } = way;
      return { kind: 'end', with: { outcome: 'rolled-back', slot, isPrevious: true, fellBack } };
    }
    case 'watch':
      run.become({
        session: {
          ...{ kind: 'handed-over', answer: 'none', sentTo: 0, isShown: false },
          ...{ id: left?.sessionId ?? null, slot: way.slot },
        },
        previousSlot: way.previous,
        finalizeSent: true,
      });
      run.meter.acknowledge(run.plan.bytes.length, run.ports.clock.now());
      return { kind: 'look' };
    case 'on':
      run.enterSession(way.session);
      await run.noted();
      return { kind: 'write' };
    case 'begin':
      run.become({ previousSlot: status.running, nextSlot: status.next, mayBeOnlyUpdate: mayBeOnlyUpdate(status) });
      return { kind: 'begin', force: way.force };
  }
}

/** Notes what a status says of the time before this run, whatever follows from it. */
function learnFrom(run: Run, { session, running, boot }: DeviceStatus): void {
  const { known } = run;
  // Its next restart starts what runs.
  if (running !== null && isSameSlot(running, boot)) run.become({ mayHoldAnother: false });
  if (known.session.kind !== 'begin-in-doubt') run.become({ sessionBefore: session?.id ?? null });
  // It tells its slots, and does not run what an earlier run handed over: so the old firmware runs. An entry that only
  // keeps a doubt names no slot, and cannot show this.
  const isOld = running !== null && !isSameSlot(running, slotLeft(known.left));
  if (isOld && known.left?.phase !== 'unconfirmed') run.become({ earlierFinalize: false });
}

function refusalOfImage({ plan }: Run, status: DeviceStatus | null): Refusal | null {
  const judgement = refusalOf(plan.inspection, { chipId: plan.chipId, status }, plan.overruled);
  if (judgement === null) return null;
  return new Refusal(judgement.finding.reason === 'too-large' ? 'too-large' : 'wrong-image', { judgement });
}

/** Whether the device says that the session is for another image: it would refuse ours at the end. */
function isForAnother({ expectedSize, expectedSha256 }: SessionReport, { bytes, sha256 }: UpdatePlan): boolean {
  return (expectedSize ?? bytes.length) !== bytes.length || (expectedSha256 ?? sha256) !== sha256;
}

export async function begin(run: Run, force: boolean): Promise<StepResult> {
  const { plan, link } = run;
  const before = run.known.session;
  run.become(withBeginSent(run.known));
  run.note('beginning');
  await run.noted();
  const answer = await answerOf(
    link.begin(
      { size: plan.bytes.length, sha256: plan.sha256, force },
      { signal: run.signal, timeoutMs: limits.BEGIN_TIMEOUT_MS },
    ),
  );
  if (answer instanceof UpdateError) {
    // A clear refusal opened nothing; however else the request ended, the device may hold our session.
    const mayBeOurs = run.ports.sendsOnce !== true && mayBeAnswerToResend(run, answer);
    if (!isDoubt(answer) && !mayBeOurs) run.become({ session: before });
    return trouble(answer);
  }
  const { session } = answer;
  run.become({ tries: { ...run.known.tries, sessionWaits: 0 } });
  if (isForAnother(session, plan)) {
    run.become({ misbegun: session.id });
    return trouble(new UpdateError('garbled', { cause: 'the device noted another size or hash than was sent' }));
  }
  run.enterSession(session);
  // Where a session does not name its image, one that holds bytes is recognised only by its number.
  await run.noted();
  return { kind: 'write' };
}
