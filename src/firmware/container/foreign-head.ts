/** What a server or a program left at the front of a firmware file: the head of a form, a web page, a protocol's lines. */
import type { ForeignHead } from '../../model/firmware/finding.ts';
import { isAppImage } from '../image/app-descriptor.ts';
import { chipOf } from '../../model/firmware/chips.ts';
import { IMAGE_MAGIC, readImageHeader, walkImage } from '../image/esp-image.ts';
import { endWithSignature } from '../image/signature.ts';
import type { Bytes } from '../bytes/little-endian.ts';

/** How such a thing begins. */
const HEADS: readonly (readonly [head: ForeignHead, start: RegExp])[] = [
  ['form-head', /^(?:\r?\n)?--[^\r\n]{1,100}\r?\ncontent-/i],
  ['server-answer', /^HTTP\/\d/],
  ['web-page', /^\s*(?:<!doctype|<html|<head|<\?xml|<\?php|<script|<br|<b>)/i],
];

/** Enough to tell by. */
const HEAD_BYTES = 512;

/** How far in the firmware may begin: the pages and messages that servers put before a file are a few kilobytes. */
const FARTHEST = 64 * 1024;

/** What the file begins with that was not meant to be in it; null for every other file. */
export function foreignHead(file: Bytes): ForeignHead | null {
  const head = String.fromCharCode(...file.subarray(0, HEAD_BYTES));
  return HEADS.find(([, start]) => start.test(head))?.[0] ?? null;
}

/** Where the app behind such a head is, with its signature; null where none is whole. */
export function appBehindHead(file: Bytes): { readonly at: number; readonly size: number } | null {
  const reach = file.subarray(0, FARTHEST);
  for (let at = reach.indexOf(IMAGE_MAGIC, 1); at !== -1; at = reach.indexOf(IMAGE_MAGIC, at + 1)) {
    const rest = file.subarray(at);
    const walk = walkImage(rest);
    const { chipId } = readImageHeader(rest);
    if (walk.kind === 'whole' && chipOf(chipId).known && isAppImage(rest, walk.segments)) {
      return { at, size: endWithSignature(rest, walk.end, chipId) };
    }
  }
  return null;
}
