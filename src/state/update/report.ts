/** A text about one update for whoever helps: what was there, what happened, every request. Never a token. */
import { reportText, type ReportSurroundings } from '../../words/history/report.ts';
import { withoutAnyAddress, withoutHosts } from './report-masks.ts';
import type { RunRecord } from './run-record.ts';

export interface ReportOptions {
  /** Whether addresses stand in it whole; otherwise only their kind and port. */
  readonly addresses: boolean;
}

export function helpReport(run: RunRecord, around: ReportSurroundings, options: ReportOptions): string {
  // The app's own words about versions look like addresses, and are none; a device's and a person's may be some.
  const text = reportText(run, around, options.addresses ? (said) => said : withoutAnyAddress);
  return options.addresses ? text : withoutHosts(text, [run.device.origin, around.page], run.device.typed);
}
