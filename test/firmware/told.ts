/** The inspector and the judge, each with the reason and the sentence of its verdict, as they are shown. */
import { inspect as inspectFile, type InspectOptions } from '../../src/firmware/inspect.ts';
import type { ReasonCode } from '../../src/model/firmware/finding.ts';
import type { Inspection } from '../../src/model/firmware/inspection.ts';
import { judge as judgeFile, type DeviceFacts, type Judgement } from '../../src/model/firmware/judge.ts';
import { verdictInWords } from '../../src/words/firmware/findings.ts';
import type { Bytes } from './image-builder.ts';

interface Told {
  readonly reason: ReasonCode;
  readonly message: string;
}

function told<Seen extends Pick<Inspection, 'verdict' | 'finding' | 'warnings'>>(seen: Seen): Seen & Told {
  return { ...seen, reason: seen.finding.reason, message: verdictInWords(seen) };
}

export async function inspect(file: Bytes, options?: InspectOptions): Promise<Inspection & Told> {
  return told(await inspectFile(file, options));
}

export function judge(
  inspection: Inspection,
  device: DeviceFacts,
  overruled?: readonly ReasonCode[],
): Judgement & Told {
  return told(judgeFile(inspection, device, overruled));
}
