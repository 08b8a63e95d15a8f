/**
 * The steps of an update. Each asks the device one thing and names the step that follows; what goes wrong is thrown
 * as an `UpdateError`, and `run-update.ts` alone decides what becomes of it.
 */
import { judge } from '../firmware/judge.ts';
import { afterFinalize } from './after-finalize.ts';
import type { DeviceStatus } from './ports.ts';
import { claimLeftBy, preflight } from './preflight.ts';
import type { Run } from './run.ts';
import { isDoubt } from './retry.ts';
import * as limits from './time-limits.ts';
import { UpdateError } from './update-error.ts';
import type { Judged } from './update-state.ts';

export type Step =
  | { readonly do: 'open' }
  | { readonly do: 'check' }
  | { readonly do: 'begin'; readonly force: boolean }
  | { readonly do: 'write' }
  /** After a doubt: where is the device? */
  | { readonly do: 'ask' }
  | { readonly do: 'finalize' }
  /** After finalize: until the device is seen again. */
  | { readonly do: 'look' }
  | { readonly do: 'mark-valid'; readonly slot: string }
  | { readonly do: 'end'; readonly with: Ending };

/** The steps that ask the device something. */
export type Ask = Exclude<Step, { readonly do: 'end' }>;

/** How an update ends where the device itself has said so. */
export type Ending =
  | { readonly outcome: 'updated'; readonly slot: string }
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'staged'; readonly slot: string | null }
  | { readonly outcome: 'rolled-back'; readonly slot: string };

/** Refused for what is known before the first erase; carries what the person must know to decide. */
export class Refusal extends UpdateError {
  readonly judgement: Judged | null;
  readonly otherSession: DeviceStatus['session'];

  constructor(
    code: 'unsupported' | 'other-session' | 'wrong-image' | 'too-large',
    why: { readonly judgement?: Judged; readonly otherSession?: DeviceStatus['session'] } = {},
  ) {
    super(code);
    this.judgement = why.judgement ?? null;
    this.otherSession = why.otherSession ?? null;
  }
}

export async function perform(step: Ask, run: Run): Promise<Step> {
  switch (step.do) {
    case 'open':
      return open(run);
    case 'check':
      return check(run);
    case 'begin':
      return begin(run, step.force);
    case 'write':
      return write(run);
    case 'ask':
      return ask(run);
    case 'finalize':
      return finalize(run);
    case 'look':
      return look(run);
    case 'mark-valid':
      return markValid(run, step.slot);
  }
}

async function open(run: Run): Promise<Step> {
  run.left = await run.ports.journal.read(run.plan.deviceId).catch(() => null);
  run.finalizeSent = run.left?.phase === 'finalizing' || run.left?.phase === 'restarting';
  run.openedLink(await run.ports.open({ signal: run.signal, silenceMs: limits.ASK_SILENCE_MS }));
  return { do: 'check' };
}

async function check(run: Run): Promise<Step> {
  const status = run.link.tellsStatus ? await askStatus(run, limits.ASK_SILENCE_MS) : null;
  refuseWrongImage(run, status);
  if (!status) return { do: 'begin', force: false };

  const { plan } = run;
  const left = run.left?.sha256 === run.plan.sha256 ? run.left : null;
  const way = preflight(
    status,
    plan,
    run.link.dialect,
    left,
    run.begun ? run.claim() : claimLeftBy(left),
    run.ports.clock.date(),
  );
  if (!run.beginInDoubt) run.sessionBefore = status.session?.id ?? null;
  // It tells its slots, and does not run what an earlier run handed over: what runs now is the old firmware.
  if (way.go !== 'watch' && status.running) run.finalizeSent = false;
  switch (way.go) {
    case 'no':
      throw new Refusal(way.because, way.because === 'other-session' ? { otherSession: way.session } : {});
    case 'watch':
      run.session = { id: left?.sessionId ?? null, slot: way.slot };
      run.previousSlot = way.previous;
      run.finalizeSent = true;
      run.meter.acknowledge(plan.bytes.length, run.ports.clock.now());
      return { do: 'look' };
    case 'on':
      run.opened(way.session);
      return { do: 'write' };
    case 'begin':
      run.previousSlot = status.running?.label ?? null;
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
    hasUpdateSlot: status?.running ? slot !== null : null,
  };
  const judgement = judge(plan.inspection, facts, plan.sha256, plan.overruled);
  if (judgement.verdict !== 'refuse') return;
  throw new Refusal(judgement.reason === 'too-large' ? 'too-large' : 'wrong-image', { judgement });
}

async function begin(run: Run, force: boolean): Promise<Step> {
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
    run.opened(session);
    return { do: 'write' };
  } catch (error) {
    // A clear refusal opened nothing; after any other end of the request the device may hold our session.
    if (error instanceof UpdateError && !isDoubt(error)) run.beginInDoubt = inDoubtBefore;
    throw error;
  }
}

async function write(run: Run): Promise<Step> {
  const { meter, ports, plan } = run;
  if (meter.complete) return { do: 'finalize' };
  const start = meter.acknowledged;
  const chunk = plan.bytes.subarray(start, chunkEnd(run, start));
  const reached = start + chunk.length;
  if (reached > run.sentTo) {
    run.sentTo = reached;
    run.note('writing');
  }
  const sentAt = ports.clock.now();
  const answer = await run.link.write(chunk, start, {
    signal: run.signal,
    silenceMs: run.chunkPatience.limit(chunk.length),
  });
  const foreign = answer.sessionId !== null && answer.sessionId !== (run.session?.id ?? answer.sessionId);
  // Where the device can be asked, it tells more of that session than this answer does.
  if (foreign && !run.link.tellsStatus) throw new Refusal('other-session');
  // A counter that disagrees means that bytes were taken twice, or elsewhere: a doubt like a lost answer.
  if (foreign || (answer.writtenBytes !== null && answer.writtenBytes !== reached)) {
    throw new UpdateError('garbled', {
      cause: `the device counts ${answer.writtenBytes ?? '?'} bytes, not ${reached}`,
    });
  }
  const ms = ports.clock.now() - sentAt;
  run.pace.acknowledged(chunk.length, ms);
  run.chunkPatience.acknowledged(chunk.length, ms);
  run.acknowledged(reached);
  return { do: 'write' };
}

/** The end of the chunk that starts at `start`: at a block's end where it can be, so that no block is begun twice. */
export function chunkEnd(run: Run, start: number): number {
  const { blockSize, total } = run.progress();
  const end = start + run.pace.size;
  const aligned = end - (end % blockSize);
  return Math.min(total, aligned > start ? aligned : end);
}

async function ask(run: Run): Promise<Step> {
  const status = await askStatus(run, limits.ASK_SILENCE_MS);
  const session = status.session;
  refuseSpoiltSession(run, session);
  const after = afterFinalize(status, run.plan, run.link.dialect, run.session?.slot ?? null, run.session?.id ?? null);
  if (after.is === 'open' && after.writtenBytes >= run.meter.acknowledged) {
    run.acknowledged(after.writtenBytes);
    return { do: 'write' };
  }
  // Fewer bytes in "our" session: it restarted, and another session got the same number.
  if (session) throw new Refusal('other-session', { otherSession: session });
  throw new UpdateError('session-lost');
}

/**
 * A browser sends a POST again by itself when a reused connection breaks without an answer. Without an offset a device
 * takes such a chunk twice, and only its count tells.
 */
function refuseSpoiltSession(run: Run, session: DeviceStatus['session']): void {
  const isOurs = session?.id === null || session?.id === run.session?.id;
  if (isOurs && (session?.writtenBytes ?? 0) > run.sentTo) throw new UpdateError('session-spoilt');
}

async function finalize(run: Run): Promise<Step> {
  const { plan, link } = run;
  if (!run.finalizeSent) run.note('finalizing');
  run.finalizeSent = true;
  await link.finalize(
    { sha256: plan.sha256, restart: plan.restart },
    { signal: run.signal, silenceMs: limits.FINALIZE_SILENCE_MS },
  );
  if (link.dialect === 'documented') return { do: 'end', with: { outcome: 'accepted' } };
  if (!plan.restart) return { do: 'end', with: { outcome: 'staged', slot: run.session?.slot ?? null } };
  run.note('restarting');
  return { do: 'look' };
}

async function look(run: Run): Promise<Step> {
  run.taken = false;
  const status = await askStatus(run, limits.RESTART_ASK_SILENCE_MS);
  const slot = run.session?.slot ?? null;
  const after = afterFinalize(status, run.plan, run.link.dialect, slot, run.session?.id ?? null);
  switch (after.is) {
    case 'new':
      return { do: 'mark-valid', slot: slot ?? '' };
    case 'old':
      return { do: 'end', with: { outcome: 'rolled-back', slot: after.slot } };
    case 'other':
      throw new Refusal('other-session', { otherSession: after.session });
    case 'untold':
      return { do: 'end', with: { outcome: 'accepted' } };
    case 'taken':
      if (!run.plan.restart) return { do: 'end', with: { outcome: 'staged', slot } };
      run.taken = true;
      throw new UpdateError('busy');
    case 'open':
      // Fewer bytes: it restarted, and another session got the same number.
      if (after.writtenBytes < run.meter.acknowledged)
        throw new Refusal('other-session', { otherSession: status.session });
      // It has not finalized, so the old firmware is certain again.
      run.finalizeSent = false;
      run.acknowledged(after.writtenBytes);
      return { do: 'write' };
  }
}

async function markValid(run: Run, slot: string): Promise<Step> {
  const options = { signal: run.signal, silenceMs: limits.RESTART_ASK_SILENCE_MS };
  await run.link.markValid(options);
  // Between the look and the mark it may have restarted, and marked the old image: only a look after it proves.
  const status = await run.link.status(options);
  const running = status.running?.label ?? null;
  if (running === slot) return { do: 'end', with: { outcome: 'updated', slot } };
  if (running === null) throw new UpdateError('garbled');
  return { do: 'end', with: { outcome: 'rolled-back', slot: running } };
}

function askStatus(run: Run, silenceMs: number): Promise<DeviceStatus> {
  return run.link.status({ signal: run.signal, silenceMs });
}
