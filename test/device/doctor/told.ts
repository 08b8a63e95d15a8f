/** The connection doctor, with its sentence and the label of its button. */
import { examine as examineDevice } from '../../../src/device/doctor/doctor.ts';
import { diagnose as diagnoseDevice } from '../../../src/device/doctor/reach.ts';
import type { Diagnosis } from '../../../src/model/device/diagnosis.ts';
import { causeInWords, remedyInWords } from '../../../src/words/device/doctor.ts';

type Told = Diagnosis & { readonly sentence: string; readonly label: string };

function told(diagnosis: Diagnosis): Told {
  return { ...diagnosis, sentence: causeInWords(diagnosis), label: remedyInWords(diagnosis.remedy) };
}

export async function diagnose(...asked: Parameters<typeof diagnoseDevice>): Promise<Told> {
  return told(await diagnoseDevice(...asked));
}

export async function examine(...asked: Parameters<typeof examineDevice>): Promise<Told> {
  return told(await examineDevice(...asked));
}
