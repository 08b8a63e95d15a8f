import { md5 } from '@noble/hashes/legacy.js';
import { hex } from '../../model/hex.ts';

/** 32 lower-case hex digits: what such devices want to be told of a file, and then mostly do not look at. */
export function md5Hex(bytes: Uint8Array<ArrayBuffer>): string {
  return hex(md5(bytes));
}
