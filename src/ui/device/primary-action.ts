/** The one action of a device that comes next. Its button stands in one place, whatever it is. */
import type { App } from '../../state/app.ts';
import type { Fit } from '../../state/device/fits.ts';
import type { DoctorView } from '../../state/device/doctor/doctor-view.ts';
import type { FirmwareState } from '../../state/firmware/firmware.ts';
import type { UpdateView } from '../../state/update/update-view.ts';
import type { Device } from '../../model/device/device.ts';
import { PAUSE, restartFirstLabel, RESUME, TAKE_OVER } from '../../words/kit/buttons.ts';
import { resumeFromLabel, resumeLabel, UPDATE } from '../../words/device/card/device-card.ts';
import { WantFirmwareEvent } from '../kit/events.ts';
import { resumeOf } from './card-status.ts';

export type PrimaryActionParts = Pick<App, 'firmware' | 'updates'>;

export interface PrimaryAction {
  readonly kind: 'update' | 'pause' | 'resume' | 'take-offer' | 'take-over' | 'try-again' | 'restart-first';
  readonly label: string;
  /** Whether it is what a person most likely wants: then it is filled. */
  readonly isNext: boolean;
  readonly disabled: boolean;
  readonly press: () => void;
}

export interface Seen {
  readonly update: UpdateView;
  readonly chosen: ReturnType<FirmwareState['$chosen']['get']>;
  readonly doctor: DoctorView;
  /** Null: no file is chosen, or it is being read. */
  readonly fit: Fit | null;
}

export function primaryAction(app: PrimaryActionParts, device: Device, seen: Seen, from: EventTarget): PrimaryAction {
  const { updates } = app;
  const { id } = device;
  const { update } = seen;
  if (update.kind === 'running' || update.kind === 'preparing') {
    const paused = update.kind === 'running' && update.paused;
    const disabled = update.kind === 'running' && update.cancelling;
    // An image that goes in one request cannot be paused; the text beside the button says why.
    const holds = update.kind === 'running' && update.state.pause !== undefined;
    return paused
      ? { kind: 'resume', label: RESUME, isNext: true, disabled, press: () => updates.resume(id) }
      : { kind: 'pause', label: PAUSE, isNext: false, disabled: disabled || holds, press: () => updates.pause(id) };
  }
  return recovery(app, device, seen) ?? updateAction(app, device, seen, from);
}

/** Whether a second press would do something else than the first one meant. To pause and to resume is one thing. */
export function isAnother(now: PrimaryAction['kind'], before: PrimaryAction['kind']): boolean {
  const holds = (kind: PrimaryAction['kind']): boolean => kind === 'pause' || kind === 'resume';
  return now !== before && !(holds(now) && holds(before));
}

/** What makes more sense than "Update" after what happened. */
function recovery({ updates }: PrimaryActionParts, { id }: Device, seen: Seen): PrimaryAction | null {
  const { update } = seen;
  if (update.kind === 'offer') {
    if (update.firmware === null) return null;
    const label = resumeLabel(resumeOf(update.entry), update.entry);
    return { kind: 'take-offer', label, isNext: true, disabled: false, press: () => void updates.resumeOffer(id) };
  }
  if (update.kind !== 'ended' || update.state.outcome !== 'failed') return null;
  const { otherSession, resumable, progress, code } = update.state;
  if (code === 'half-left') {
    const { sha256 } = update.firmware;
    const press = (): void => void updates.start(id, { sha256, restartFirst: true });
    const label = restartFirstLabel(update.state.dialect);
    return { kind: 'restart-first', label, isNext: true, disabled: false, press };
  }
  if (typeof otherSession?.id === 'string') {
    const press = (): void => void updates.takeOver(id);
    return { kind: 'take-over', label: TAKE_OVER, isNext: true, disabled: false, press };
  }
  // With nothing on the device there is nothing to go on from: "Update" does the same.
  if (!resumable || progress.acknowledged === 0) return null;
  const { sha256 } = update.firmware;
  return {
    kind: 'try-again',
    label: resumeFromLabel(progress.acknowledged, progress.total),
    isNext: isReached(seen.doctor),
    disabled: false,
    press: () => void updates.start(id, { sha256 }),
  };
}

export function updateAction(app: PrimaryActionParts, device: Device, seen: Seen, from: EventTarget): PrimaryAction {
  const { chosen, doctor, fit } = seen;
  const disabled = chosen.kind === 'reading' || (fit !== null && fit.misfit !== null);
  return {
    kind: 'update',
    label: UPDATE,
    isNext: fit !== null && !disabled && fit.has === null && isReached(doctor),
    disabled,
    press: () => {
      if (app.firmware.firmware === null) from.dispatchEvent(new WantFirmwareEvent());
      else void app.updates.start(device.id);
    },
  };
}

/** While the doctor has something to say, that comes first. */
function isReached(view: DoctorView): boolean {
  return view.kind === 'nothing' || (view.kind === 'found' && view.finding.kind === 'answers');
}
