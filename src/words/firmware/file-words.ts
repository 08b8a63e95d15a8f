/** All that is said of files, and whether one fits a device, in one object that is loaded late. */
import { fitOf } from '../../model/firmware/fit.ts';
import { notTakenInWords, unreadableInWords } from './files.ts';
import { verdictInWords } from './findings.ts';
import { misfitInWords } from './misfits.ts';

export const fileWords = {
  fit: fitOf,
  verdict: verdictInWords,
  notTaken: notTakenInWords,
  unreadable: unreadableInWords,
  misfit: misfitInWords,
} as const;
