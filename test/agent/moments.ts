/** What tests of the agent's decisions are made of. */
import { AGENT_POLICY, type AgentPolicy } from '../../src/model/agent/agent-settings.ts';
import type { AgentImage, Deployment, Polled } from '../../src/model/agent/deployment.ts';
import type { AgentEvent, Moment, Sight } from '../../src/agent/decision.ts';
import { decide } from '../../src/agent/decide.ts';
import { newNote, type TargetNote } from '../../src/agent/note.ts';
import type { DeviceStatus } from '../../src/model/device/link.ts';
import type { Outcome } from '../../src/model/update/update-state.ts';
import { noProgress } from '../../src/model/update/nothing-sent.ts';
import { acceptedInspection } from '../update/scripted/images.ts';

export const SIZE = 40_000;
export const HASH = 'ab'.repeat(32);
export const IMAGE: AgentImage = {
  sha256: HASH,
  size: SIZE,
  filename: 'kitchen.bin',
  version: '2.0.0',
  project: 'kitchen',
};
export const INSPECTION = acceptedInspection(SIZE);

export const SLOT = (label: string) => ({ label, address: null, size: 128 * 1024 });

export function statusOf(running: string): DeviceStatus {
  const next = running === 'ota_0' ? 'ota_1' : 'ota_0';
  return {
    ...{ supported: true, session: null, running: SLOT(running), boot: SLOT(running), next: SLOT(next) },
    lastTaken: null,
  };
}

export const SEEN: Sight = {
  ...{ dialect: 'shipped', status: statusOf('ota_0'), identity: null, isLeftOpen: false, isHeld: false },
};

export function moment(more: Partial<Moment> = {}, policy: Partial<AgentPolicy> = {}): Moment {
  return {
    ...{
      date: 1_000_000,
      minute: 600,
      isPaused: false,
      device: { name: 'Kitchen', chipId: 0 },
      sight: SEEN,
      state: null,
    },
    ...{ inspection: INSPECTION, mostBytes: 1_000_000, policy: { ...AGENT_POLICY, ...policy } },
    ...more,
  };
}

export function deploymentOf(more: Partial<Deployment> = {}): Deployment {
  const artifact = { filename: 'kitchen.bin', size: SIZE, sha256: HASH, href: 'http://server/kitchen.bin' };
  return {
    ...{ id: '7', download: 'forced', update: 'forced', window: null },
    chunks: [{ part: 'os', name: 'kitchen', version: '2', encrypted: false, artifacts: [artifact] }],
    ...more,
  };
}

export function polledOf(more: Partial<Polled> = {}): Polled {
  return { cancel: null, deployment: null, confirmation: null, wantsAttributes: false, ...more };
}

/** Plays events one after another; answers the note and all steps of the last one. */
export function play(
  events: readonly (AgentEvent | readonly [AgentEvent, Partial<Moment>])[],
  note: TargetNote = newNote('moult-1'),
  policy: Partial<AgentPolicy> = {},
): ReturnType<typeof decide> {
  let decision: ReturnType<typeof decide> = { note, steps: [] };
  for (const one of events) {
    const [event, more] = 'kind' in one ? [one, {}] : one;
    decision = decide(decision.note, event, moment(more, policy));
  }
  return decision;
}

export const OFFERED: AgentEvent = { kind: 'polled', polled: polledOf({ deployment: deploymentOf() }) };
export const FETCHED: AgentEvent = { kind: 'fetched', fetched: { action: '7', kind: 'here', image: IMAGE } };
export const TURN: AgentEvent = { kind: 'turn' };
export const CANCEL: AgentEvent = { kind: 'polled', polled: polledOf({ cancel: { id: '7', stopId: '7' } }) };
/** As far as an update that runs. */
export const RUNNING = [OFFERED, FETCHED, TURN] as const;

const ENDED = { phase: 'ended', dialect: 'shipped', durationMs: 5_000, progress: noProgress(SIZE) } as const;

export const UPDATED: Outcome = { ...ENDED, outcome: 'updated', slot: 'ota_1', markedValid: true };
export const NOT_SEEN: Outcome = { ...ENDED, outcome: 'not-seen-again', patienceMs: 60_000 };
export const CANCELLED: Outcome = {
  ...ENDED,
  outcome: 'cancelled',
  deviceIdle: true,
  oldFirmware: 'runs',
  begun: true,
};

export function failedWith(code: Extract<Outcome, { outcome: 'failed' }>['code'], more: object = {}): Outcome {
  return {
    ...{ ...ENDED, outcome: 'failed', code, during: 'writing', status: null, said: null, retryAfterMs: null },
    ...{ oldFirmware: 'runs', resumable: true, otherSession: null, restarted: false, judgement: null },
    ...more,
  };
}

/** What is told of the action, in order: "closed/success". */
export function said({ outbox }: TargetNote): readonly string[] {
  return outbox.map(
    ({ about, execution, finished }) => `${about === 'deployment' ? '' : `${about} `}${execution}/${finished}`,
  );
}
