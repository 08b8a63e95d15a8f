/** What a home automation is told in words by MQTT, and what the host says of the broker. */
import type { BrokerTrouble, InstallRefusal, MqttNotice } from '../../model/host/mqtt-notice.ts';
import type { JobRefusal } from '../../model/jobs/job-refusals.ts';
import type { EntityFirmware, OfferStanding, UpdateEntity } from '../../model/host/update-entity.ts';
import { counted } from '../kit/locale.ts';
import { jobRefusalWords } from './jobs.ts';

/** The name of the entity, which is shown behind the device's. */
export const ENTITY_NAME = 'Firmware';

/** In the place of a version that is not known, where an offer has to be shown beside it. */
export const UNKNOWN_VERSION = 'unknown';

/** As many digits of a hash tell two builds apart. */
const DIGITS = 8;

/**
 * "1.4.2"; of firmware that states no version "sha256:0f3a9c41", which is no number: Home Assistant takes the higher of two
 * numbers for the newer one.
 */
export function versionOf({ version, sha256 }: EntityFirmware): string {
  return version ?? (sha256 === null ? UNKNOWN_VERSION : `sha256:${sha256.slice(0, DIGITS)}`);
}

/** The same, told apart from an installed one of the same version: "1.4.2 (0f3a9c41)". */
export function offeredVersion(offered: EntityFirmware, installed: EntityFirmware | null): string {
  const version = versionOf(offered);
  const isAnother = installed !== null && versionOf(installed) === version && installed.sha256 !== offered.sha256;
  return isAnother && offered.sha256 !== null ? `${version} (${offered.sha256.slice(0, DIGITS)})` : version;
}

const OFFERS: Readonly<Record<OfferStanding, string>> = {
  install: 'The Moult host has the firmware, and “Install” starts the update.',
  'no-token': 'The Moult host has no token for this device any more. Continue on the page, which asks for it.',
  'not-yet': 'The rollout server, or a pause on the host, decides when it starts.',
};

/** Longer ones are cut off there (docs/mqtt.md). */
const MOST_CHARACTERS = 255;

/** What stands below the versions: what is under way, or how the last update ended and what is offered. */
export function summaryText({ run, offer, ended }: Pick<UpdateEntity, 'run' | 'offer' | 'ended'>): string {
  if (run?.standing === 'queued') return 'The update is waiting for its turn.';
  if (run?.standing === 'paused') return 'The update is paused. Continue it on the page.';
  if (run !== null) return '';
  const parts = [ended, offer === null ? null : OFFERS[offer.standing]].filter((part) => part !== null);
  const text = parts.join(' ');
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}

/** "Rolled back. Kitchen went back to the firmware from before." */
export function endedText({ title, detail }: { readonly title: string; readonly detail: string }): string {
  return detail === '' ? `${title}.` : `${title}. ${detail}`;
}

const TROUBLES: Readonly<Record<BrokerTrouble, string>> = {
  unreachable: 'does not answer',
  login: 'does not accept the user or the password. Check both',
  certificate:
    'shows a certificate that nobody vouches for. If the broker has its own authority, name its certificate with --mqtt-ca',
  refused: 'refuses what the host asks for. Check what its user may do',
  lost: 'has ended the connection',
};

/** Why was said just before. */
export const NOT_ANNOUNCED = 'This host runs no updates by itself, so it announces no devices of its own over MQTT.';

export function mqttNoticeInWords(notice: MqttNotice): string {
  switch (notice.kind) {
    case 'connected':
      return notice.devices === 0
        ? `Connected to the MQTT broker ${notice.broker}. The host keeps no device yet, so none is announced: a device comes with its first update on the host, or from an agent’s list.`
        : `Connected to the MQTT broker ${notice.broker}. ${counted(notice.devices, 'device is', 'devices are')} announced.`;
    case 'trouble':
      return `The MQTT broker ${notice.broker} ${TROUBLES[notice.trouble]}${notice.said === '' ? '' : ` (${notice.said})`}. The host keeps trying.`;
    case 'begun':
      return `${notice.device}: Installing ${notice.firmware}, as asked for over MQTT.`;
    case 'not-begun':
      return `${notice.device}: What was asked for over MQTT was not started. ${refusalWords(notice.refusal)}`;
  }
}

type OfBroker = Exclude<InstallRefusal, JobRefusal>['kind'];

const REFUSALS: Readonly<Record<OfBroker, string>> = {
  retained: 'The broker repeats an old request. Send it without the retain flag.',
  'no-such-device': 'The host has no such device.',
  'other-offer': 'It is not what the host offers this device now.',
  'no-token': 'The host has no token for this device any more.',
  'not-yet': OFFERS['not-yet'],
};

function isOfBroker(refusal: InstallRefusal): refusal is Exclude<InstallRefusal, JobRefusal> {
  return refusal.kind in REFUSALS;
}

function refusalWords(refusal: InstallRefusal): string {
  return isOfBroker(refusal) ? REFUSALS[refusal.kind] : jobRefusalWords(refusal);
}
