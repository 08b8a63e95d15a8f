/** All that is said of files, for who loads it late. */
import { notTakenInWords, unreadableInWords } from './files.ts';
import { verdictInWords } from './findings.ts';
import { misfitInWords } from './misfits.ts';

export const fileWords = {
  verdict: verdictInWords,
  notTaken: notTakenInWords,
  unreadable: unreadableInWords,
  misfit: misfitInWords,
} as const;
