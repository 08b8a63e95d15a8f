/** How the device's Python reads loosely typed fields. */
import { Refusal } from '../answers.ts';

const INTEGER_TEXT = /^\s*[+-]?\d+(_\d+)*\s*$/;

function toInt(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && INTEGER_TEXT.test(value)) return Number(value.replaceAll('_', ''));
  return null;
}

/** Null stays null; anything that Python's `int()` refuses, and negative numbers, are refused with 400. */
export function optionalSize(value: unknown, name: string): number | null {
  if (value === null || value === undefined) return null;
  const number = toInt(value);
  if (number === null) throw new Refusal(400, `${name} must be int`);
  if (number < 0) throw new Refusal(400, `${name} must be >= 0`);
  return number;
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** 64 hex digits in either case, with spaces around; empty means none. */
export function optionalSha256(value: unknown): string | null {
  const text = toText(value).trim().toLowerCase();
  if (text === '') return null;
  if (text.length !== 64) throw new Refusal(400, 'expected_sha256 must be 64 hex chars');
  if (!/^[0-9a-f]*$/.test(text)) throw new Refusal(400, 'expected_sha256 must be lowercase/uppercase hex');
  return text;
}

export function flag(value: unknown, otherwise: boolean): boolean {
  const text = toText(value).trim().toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(text)) return true;
  if (['0', 'false', 'no', 'off'].includes(text)) return false;
  return otherwise;
}

/** MicroPython writes an exception with one argument as a tuple of one, with its comma. */
const valueError = (words: string): string => `ValueError('${words}',)`;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The device skips characters that are not base64; no client sends any, so that they are refused here. */
export function fromBase64(value: unknown): Uint8Array<ArrayBuffer> {
  const text = toText(value).replaceAll(/\s/g, '');
  if (!BASE64.test(text)) throw new Refusal(400, `invalid data_base64: ${valueError('incorrect padding')}`);
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** MicroPython has the same error for an odd number of digits. */
export function fromHex(value: unknown): Uint8Array<ArrayBuffer> {
  const text = toText(value).replaceAll(/\s/g, '');
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw new Refusal(400, `invalid data_hex: ${valueError('non-hex digit')}`);
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
