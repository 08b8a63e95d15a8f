/**
 * How an upload by a form ends with each trouble, on devices that differ in what they keep of a half upload, what they
 * check and what they tell.
 */
import type { FormOptions } from '../../../../src/simulator/forms/options.ts';
import type { FormTroubleName } from './form-matrix.ts';

export type Column = Pick<FormOptions, 'kind' | 'chip'>;

export const COLUMNS = {
  /** Discards a half upload, and tells nothing. */
  'Arduino’s library': { kind: 'update-server', chip: 'ESP32' },
  /** The same, without a check of the image, or another one to go back to. */
  'Arduino’s library on an ESP8266': { kind: 'update-server', chip: 'ESP8266' },
  /** The same, and tells what it runs. */
  ESPEasy: { kind: 'espeasy', chip: 'ESP32' },
  /** Appends the next upload to a half. */
  'a page of its own': { kind: 'async', chip: 'ESP32' },
  'ElegantOTA 3': { kind: 'elegant-3', chip: 'ESP32' },
} as const satisfies Readonly<Record<string, Column>>;

export type ColumnName = keyof typeof COLUMNS;

/** The outcome, the firmware that runs then (every byte of it), and how often the image was sent. */
export const EXPECTED: Readonly<Record<FormTroubleName, Readonly<Record<ColumnName, string>>>> = {
  nothing: {
    'Arduino’s library': 'accepted was-away, file, 1',
    'Arduino’s library on an ESP8266': 'accepted was-away, file, 1',
    ESPEasy: 'updated, file, 1',
    'a page of its own': 'accepted was-away, file, 1',
    'ElegantOTA 3': 'accepted was-away, file, 1',
  },
  'dropped before': {
    'Arduino’s library': 'accepted was-away, file, 2',
    'Arduino’s library on an ESP8266': 'accepted was-away, file, 2',
    ESPEasy: 'updated, file, 2',
    'a page of its own': 'failed unreachable, old, 1, leaves a half',
    'ElegantOTA 3': 'failed unreachable, old, 1, leaves a half',
  },
  'dropped at 1 byte': {
    'Arduino’s library': 'accepted was-away, file, 2',
    'Arduino’s library on an ESP8266': 'accepted was-away, file, 2',
    ESPEasy: 'updated, file, 2',
    'a page of its own': 'failed unreachable, old, 1, leaves a half',
    'ElegantOTA 3': 'failed unreachable, old, 1, leaves a half',
  },
  'dropped at half': {
    'Arduino’s library': 'accepted was-away, file, 2',
    'Arduino’s library on an ESP8266': 'accepted was-away, file, 2',
    ESPEasy: 'updated, file, 2',
    'a page of its own': 'failed unreachable, old, 1, leaves a half',
    'ElegantOTA 3': 'failed unreachable, old, 1, leaves a half',
  },
  'dropped at half each time': {
    'Arduino’s library': 'failed unreachable, old, 3',
    'Arduino’s library on an ESP8266': 'failed unreachable, old, 3',
    ESPEasy: 'failed unreachable, old, 3',
    'a page of its own': 'failed unreachable, old, 1, leaves a half',
    'ElegantOTA 3': 'failed unreachable, old, 1, leaves a half',
  },
  'dropped at the last byte': {
    'Arduino’s library': 'failed unconfirmed, old, 1, unknown',
    'Arduino’s library on an ESP8266': 'failed unconfirmed, old, 1, unknown',
    ESPEasy: 'updated, file, 2',
    'a page of its own': 'failed unconfirmed, old, 1, leaves a half, unknown',
    'ElegantOTA 3': 'failed unconfirmed, old, 1, leaves a half, unknown',
  },
  'hangs at half': {
    'Arduino’s library': 'accepted was-away, file, 2',
    'Arduino’s library on an ESP8266': 'accepted was-away, file, 2',
    ESPEasy: 'updated, file, 2',
    'a page of its own': 'failed silent, old, 1, leaves a half',
    'ElegantOTA 3': 'failed silent, old, 1, leaves a half',
  },
  'hangs after': {
    'Arduino’s library': 'failed unconfirmed, file, 1, unknown',
    'Arduino’s library on an ESP8266': 'failed unconfirmed, file, 1, unknown',
    ESPEasy: 'updated, file, 1',
    'a page of its own': 'failed unconfirmed, file, 1, leaves a half, unknown',
    'ElegantOTA 3': 'failed unconfirmed, file, 1, leaves a half, unknown',
  },
  'hangs before': {
    'Arduino’s library': 'accepted was-away, file, 2',
    'Arduino’s library on an ESP8266': 'accepted was-away, file, 2',
    ESPEasy: 'updated, file, 2',
    'a page of its own': 'failed silent, old, 1, leaves a half',
    'ElegantOTA 3': 'failed silent, old, 1, leaves a half',
  },
  'restarts at half each time': {
    'Arduino’s library': 'failed unreachable, old, 3',
    'Arduino’s library on an ESP8266': 'failed unreachable, old, 3',
    ESPEasy: 'failed unreachable, old, 3',
    'a page of its own': 'failed unreachable, old, 1, leaves a half',
    'ElegantOTA 3': 'failed unreachable, old, 1, leaves a half',
  },
  'answer lost': {
    'Arduino’s library': 'failed unconfirmed, file, 1, unknown',
    'Arduino’s library on an ESP8266': 'failed unconfirmed, file, 1, unknown',
    ESPEasy: 'updated, file, 1',
    'a page of its own': 'failed unconfirmed, file, 1, leaves a half, unknown',
    'ElegantOTA 3': 'failed unconfirmed, file, 1, leaves a half, unknown',
  },
  'gone before its yes is sent': {
    'Arduino’s library': 'failed unconfirmed, file, 1, unknown',
    'Arduino’s library on an ESP8266': 'failed unconfirmed, file, 1, unknown',
    ESPEasy: 'updated, file, 1',
    'a page of its own': 'failed unconfirmed, file, 1, leaves a half, unknown',
    'ElegantOTA 3': 'failed unconfirmed, file, 1, leaves a half, unknown',
  },
  'restarts at half': {
    'Arduino’s library': 'accepted was-away, file, 2',
    'Arduino’s library on an ESP8266': 'accepted was-away, file, 2',
    ESPEasy: 'updated, file, 2',
    'a page of its own': 'failed unreachable, old, 1, leaves a half',
    'ElegantOTA 3': 'failed unreachable, old, 1, leaves a half',
  },
  'another server’s page': {
    'Arduino’s library': 'failed unconfirmed, file, 1, unknown',
    'Arduino’s library on an ESP8266': 'failed unconfirmed, file, 1, unknown',
    ESPEasy: 'updated, file, 1',
    'a page of its own': 'failed unconfirmed, file, 1, leaves a half, unknown',
    'ElegantOTA 3': 'failed unconfirmed, file, 1, leaves a half, unknown',
  },
  'a fault of its own': {
    'Arduino’s library': 'failed device-fault, old, 1',
    'Arduino’s library on an ESP8266': 'failed device-fault, old, 1',
    ESPEasy: 'failed device-fault, old, 1',
    'a page of its own': 'failed device-fault, old, 1',
    'ElegantOTA 3': 'failed device-fault, old, 1',
  },
  'wrong password': {
    'Arduino’s library': 'failed unauthorised, old, 0',
    'Arduino’s library on an ESP8266': 'failed unauthorised, old, 0',
    ESPEasy: 'failed unauthorised, old, 0',
    'a page of its own': 'failed unauthorised, old, 0',
    'ElegantOTA 3': 'failed unauthorised, old, 0',
  },
  'no password': {
    'Arduino’s library': 'failed unauthorised, old, 0',
    'Arduino’s library on an ESP8266': 'failed unauthorised, old, 0',
    ESPEasy: 'failed unauthorised, old, 0',
    'a page of its own': 'failed unauthorised, old, 0',
    'ElegantOTA 3': 'failed unauthorised, old, 0',
  },
  'right password': {
    'Arduino’s library': 'accepted was-away, file, 1',
    'Arduino’s library on an ESP8266': 'accepted was-away, file, 1',
    ESPEasy: 'updated, file, 1',
    'a page of its own': 'accepted was-away, file, 1',
    'ElegantOTA 3': 'accepted was-away, file, 1',
  },
  'wants its own page': {
    'Arduino’s library': 'accepted was-away, file, 1',
    'Arduino’s library on an ESP8266': 'accepted was-away, file, 1',
    ESPEasy: 'updated, file, 1',
    'a page of its own': 'accepted was-away, file, 1',
    'ElegantOTA 3': 'accepted was-away, file, 1',
  },
  'no space': {
    'Arduino’s library': 'failed too-large, old, 1',
    'Arduino’s library on an ESP8266': 'failed too-large, old, 1',
    ESPEasy: 'failed too-large, old, 1',
    'a page of its own': 'failed device-fault, old, 1',
    'ElegantOTA 3': 'failed too-large, old, 1',
  },
  'wrong magic': {
    'Arduino’s library': 'rejected, old, 1',
    'Arduino’s library on an ESP8266': 'rejected, old, 1',
    ESPEasy: 'rejected, old, 1',
    'a page of its own': 'failed device-fault, old, 1',
    'ElegantOTA 3': 'rejected, old, 1',
  },
  'image check fails': {
    'Arduino’s library': 'rejected, old, 1',
    'Arduino’s library on an ESP8266': 'not-seen-again, other, 1',
    ESPEasy: 'rejected, old, 1',
    'a page of its own': 'failed device-fault, old, 1',
    'ElegantOTA 3': 'rejected, old, 1',
  },
  'says yes to a damaged one': {
    'Arduino’s library': 'accepted was-away, old, 1',
    'Arduino’s library on an ESP8266': 'not-seen-again, other, 1',
    ESPEasy: 'rolled-back, old, 1',
    'a page of its own': 'accepted was-away, old, 1',
    'ElegantOTA 3': 'accepted was-away, old, 1',
  },
  'says yes in other words': {
    'Arduino’s library': 'failed unconfirmed, file, 1, unknown',
    'Arduino’s library on an ESP8266': 'failed unconfirmed, file, 1, unknown',
    ESPEasy: 'updated, file, 1',
    'a page of its own': 'failed unconfirmed, file, 1, leaves a half, unknown',
    'ElegantOTA 3': 'failed unconfirmed, file, 1, leaves a half, unknown',
  },
  'says no in other words': {
    'Arduino’s library': 'failed unconfirmed, old, 1, unknown',
    'Arduino’s library on an ESP8266': 'failed unconfirmed, old, 1, unknown',
    ESPEasy: 'failed garbled, old, 3',
    'a page of its own': 'failed unconfirmed, old, 1, leaves a half, unknown',
    'ElegantOTA 3': 'failed bad-request, old, 1',
  },
  'restarts though it failed': {
    'Arduino’s library': 'failed too-large, old, 1',
    'Arduino’s library on an ESP8266': 'failed too-large, old, 1',
    ESPEasy: 'failed too-large, old, 1',
    'a page of its own': 'failed device-fault, old, 1',
    'ElegantOTA 3': 'failed too-large, old, 1',
  },
  'does not restart by itself': {
    'Arduino’s library': 'failed no-restart-seen, old, 1, unknown',
    'Arduino’s library on an ESP8266': 'failed no-restart-seen, old, 1, unknown',
    ESPEasy: 'staged, old, 1',
    'a page of its own': 'failed no-restart-seen, old, 1, unknown',
    'ElegantOTA 3': 'failed no-restart-seen, old, 1, unknown',
  },
  'silent old image': {
    'Arduino’s library': 'accepted was-away, old, 1',
    'Arduino’s library on an ESP8266': 'not-seen-again, file, 1',
    ESPEasy: 'rolled-back, old, 1',
    'a page of its own': 'accepted was-away, old, 1',
    'ElegantOTA 3': 'accepted was-away, old, 1',
  },
  'never back': {
    'Arduino’s library': 'not-seen-again, file, 1',
    'Arduino’s library on an ESP8266': 'not-seen-again, file, 1',
    ESPEasy: 'not-seen-again, file, 1',
    'a page of its own': 'not-seen-again, file, 1',
    'ElegantOTA 3': 'not-seen-again, file, 1',
  },
  cancel: {
    'Arduino’s library': 'cancelled, old, 1',
    'Arduino’s library on an ESP8266': 'cancelled, old, 1',
    ESPEasy: 'cancelled, old, 1',
    'a page of its own': 'cancelled, old, 1, leaves a half',
    'ElegantOTA 3': 'cancelled, old, 1, leaves a half',
  },
  pause: {
    'Arduino’s library': 'accepted was-away, file, 1',
    'Arduino’s library on an ESP8266': 'accepted was-away, file, 1',
    ESPEasy: 'updated, file, 1',
    'a page of its own': 'accepted was-away, file, 1',
    'ElegantOTA 3': 'accepted was-away, file, 1',
  },
  'page reload, and Update again': {
    'Arduino’s library': 'accepted was-away, file, 2',
    'Arduino’s library on an ESP8266': 'accepted was-away, file, 2',
    ESPEasy: 'updated, file, 2',
    'a page of its own': 'failed half-left, old, 1, leaves a half',
    'ElegantOTA 3': 'failed half-left, old, 1, leaves a half',
  },
};
