/** The steps before the first byte: which dialect, whether the image may go there, and a session for it. */
import { judge } from '../firmware/judge.ts';
import type { UpdatePlan } from '../model/plan.ts';
import type { DeviceStatus, SessionReport } from '../model/ports.ts';
import { preflight, previousSlotLeft, slotLeft, wasHandedOver } from './preflight.ts';
import { mayBeAnswerToResend } from './recovery.ts';
import { isDoubt } from './retry.ts';
import type { Run } from './run.ts';
import { isSameSlot, mayBeOnlyUpdate, updateSlotOf } from '../model/slots.ts';
import { Refusal, type Step } from './step.ts';
import * as limits from './time-limits.ts';
import { UpdateError } from '../model/update-error.ts';

export async function open(run: Run): Promise<Step> {
  // Opened again, the journal holds what this run noted itself.
  if (!run.guessRefused) {
    run.left = await run.ports.journal.read(run.plan.deviceId).catch(() => null);
    run.earlierFinalize = wasHandedOver(run.left) || run.left?.finalizeSent === true;
  }
  const link = await run.ports.open({ signal: run.signal, silenceMs: limits.ASK_SILENCE_MS });
  // It looks the same once more, so the refusal is final.
  if (run.guessRefused && !link.certain) throw run.guessRefused;
  // A guess from one garbled answer is no reason to think that the device speaks otherwise than when this was left.
  if (run.left && !link.certain && link.dialect !== run.left.dialect) {
    throw new UpdateError('garbled', { cause: `it answers as ${link.dialect}, and spoke ${run.left.dialect}` });
  }
  run.openedLink(link);
  return { do: 'check' };
}

export async function check(run: Run): Promise<Step> {
  const status = run.link.tellsStatus ? await run.askStatus(limits.ASK_SILENCE_MS) : null;
  const left = run.begun ? null : run.leftOfThis;
  if (!status) {
    refuseWrongImage(run, null);
    // It may have taken what was handed over, and cannot be asked.
    if (wasHandedOver(left)) throw new UpdateError('unconfirmed');
    return { do: 'begin', force: false };
  }

  const plan = { ...run.plan, takeOver: run.misbegun ?? run.plan.takeOver };
  const way = preflight(status, plan, run.link.dialect, left, run.claim(), run.ports.clock.date());
  // Where the image was handed over before, nothing is sent: only the end is left to see.
  if (way.go !== 'watch' && way.go !== 'rolled-back') refuseWrongImage(run, status);
  if (!run.beginInDoubt) run.sessionBefore = status.session?.id ?? null;
  // It tells its slots, and does not run what an earlier run handed over: what runs now is the old firmware. A doubt
  // names no slot to know it by.
  const isOld = status.running !== null && !isSameSlot(status.running, slotLeft(run.left));
  if (isOld && run.left?.phase !== 'unconfirmed') run.earlierFinalize = false;
  switch (way.go) {
    case 'no':
      if (way.because === 'other-session') throw run.otherSession(way.session);
      if (way.because === 'unsupported') throw new Refusal(way.because);
      run.sawAfterRestart(status, previousSlotLeft(left));
      throw new UpdateError(way.because);
    case 'over':
      throw new UpdateError(way.because);
    case 'rolled-back':
      return { do: 'end', with: { outcome: 'rolled-back', slot: way.slot, isPrevious: true, fellBack: way.fellBack } };
    case 'watch':
      run.session = { id: left?.sessionId ?? null, slot: way.slot };
      run.previousSlot = way.previous;
      run.finalizeSent = true;
      run.meter.acknowledge(run.plan.bytes.length, run.ports.clock.now());
      return { do: 'look' };
    case 'on':
      run.opened(way.session);
      return { do: 'write' };
    case 'begin':
      run.previousSlot = status.running;
      run.nextSlot = status.next;
      run.mayBeOnlyUpdate = mayBeOnlyUpdate(status);
      return { do: 'begin', force: way.force };
  }
}

function refuseWrongImage(run: Run, status: DeviceStatus | null): void {
  const { plan } = run;
  const slot = status?.session?.slot ?? status?.next ?? null;
  const facts = {
    chipId: plan.chipId,
    capacityBytes: status?.session?.capacityBytes ?? slot?.size ?? null,
    // A device that tells its slots and names none to write to cannot take any image.
    updateSlot: updateSlotOf(status),
  };
  const judgement = judge(plan.inspection, facts, plan.overruled);
  if (judgement.verdict !== 'refuse') return;
  throw new Refusal(judgement.reason === 'too-large' ? 'too-large' : 'wrong-image', { judgement });
}

/** Whether the device says that the session is for another image: the one that was sent it would refuse at the end. */
function isForAnother({ expectedSize, expectedSha256 }: SessionReport, { bytes, sha256 }: UpdatePlan): boolean {
  return (expectedSize ?? bytes.length) !== bytes.length || (expectedSha256 ?? sha256) !== sha256;
}

export async function begin(run: Run, force: boolean): Promise<Step> {
  const { plan } = run;
  const inDoubtBefore = run.beginInDoubt;
  run.beginInDoubt = true;
  run.note('beginning');
  try {
    const { session } = await run.link.begin(
      { size: plan.bytes.length, sha256: plan.sha256, force },
      { signal: run.signal, silenceMs: limits.BEGIN_SILENCE_MS },
    );
    run.sessionWaits = 0;
    if (isForAnother(session, plan)) {
      run.misbegun = session.id;
      throw new UpdateError('garbled', { cause: 'the device took down another size or hash than was sent' });
    }
    run.opened(session);
    return { do: 'write' };
  } catch (error) {
    // A clear refusal opened nothing; after any other end of the request the device may hold our session.
    if (error instanceof UpdateError && !isDoubt(error) && !mayBeAnswerToResend(run, error))
      run.beginInDoubt = inDoubtBefore;
    throw error;
  }
}
