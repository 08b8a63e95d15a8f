/**
 * What earlier versions kept as sentences, about files and about how updates ended, is turned into facts where those
 * are known.
 */
import type { Finding, Found, ReasonCode } from '../model/firmware/finding.ts';
import type { FirmwareRecord } from '../model/firmware/firmware-record.ts';
import type { Inspection } from '../model/firmware/inspection.ts';
import { without } from '../model/without.ts';
import type { HistoryTrace } from './history-trace.ts';

interface EarlierWarning {
  readonly reason: ReasonCode;
  readonly message: string;
}

/**
 * A file as versions 1 to 4 kept it. The first of them had no list of warnings, and named one warning as the reason.
 */
export type EarlierFirmware = Omit<FirmwareRecord, 'inspection'> & {
  readonly inspection: Omit<Inspection, 'finding' | 'warnings'> &
    EarlierWarning & { readonly kindName: string; readonly warnings?: readonly EarlierWarning[] };
};

type EarlierInspection = EarlierFirmware['inspection'];

/** The findings whose facts are all in the rest of an inspection. The others stay as they were written. */
const FACTS: Partial<Record<ReasonCode, (inspection: EarlierInspection) => Finding>> = {
  ok: ({ chip, size }) => ({ reason: 'ok', kind: 'whole', chipId: chip?.id ?? null, size }),
  'no-hash': () => ({ reason: 'no-hash' }),
  'no-descriptor': () => ({ reason: 'no-descriptor' }),
  'no-micropython': () => ({ reason: 'no-micropython' }),
  'signature-malformed': () => ({ reason: 'signature-malformed', required: false }),
  'trailing-bytes': ({ trailingBytes }) => ({ reason: 'trailing-bytes', bytes: trailingBytes }),
};

function found({ reason, message }: EarlierWarning, inspection: EarlierInspection): Found {
  return FACTS[reason]?.(inspection) ?? { reason, text: message };
}

function warningsOf(inspection: EarlierInspection): readonly Found[] {
  const { verdict, reason, message, kind, micropython, warnings } = inspection;
  if (warnings !== undefined) return warnings.map((warning) => found(warning, inspection));
  const kept = verdict === 'warn' ? [found({ reason, message }, inspection)] : [];
  // Those versions only looked for the banner, which nearly every build has.
  return kind === 'app' && micropython === null ? [...kept, { reason: 'no-micropython' }] : kept;
}

/** The same file with its findings as facts. */
export function withFindings({ inspection, ...record }: EarlierFirmware): FirmwareRecord {
  const facts = without(inspection, 'kindName', 'reason', 'message', 'warnings');
  const finding = found(inspection, inspection);
  return { ...record, inspection: { ...facts, finding, warnings: warningsOf(inspection) } };
}

/** How an update ended, as versions 2 to 4 kept it. */
export type EarlierTrace = Omit<HistoryTrace, 'ending'> & { readonly detail: string };

/** The same with its sentences as they were written: their facts were not kept. */
export function withEnding({ detail, ...trace }: EarlierTrace): HistoryTrace {
  return { ...trace, ending: { kind: 'text', text: detail } };
}
