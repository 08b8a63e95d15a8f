/** An agent's facts as the device API takes them. */
import { AGENT_CODES } from '../../../model/agent/agent-codes.ts';
import { endsAction, type AgentFeedback } from '../../../model/agent/feedback.ts';
import { toldInWords } from '../../../words/agent/feedback.ts';

/** hawkBit's column for one message has this many characters. */
const MOST_CHARACTERS = 512;

export function bodyOf(said: AgentFeedback): object {
  const { about, execution, finished, progress, code, told, at } = said;
  const details = toldInWords(told).map((line) => line.slice(0, MOST_CHARACTERS));
  const number = code === null ? {} : { code: AGENT_CODES[code] };
  if (about === 'confirmation') return { confirmation: 'confirmed', ...number, details };
  const share = progress === null ? {} : { progress: { cnt: progress.count, of: progress.of } };
  // Of two installations hawkBit takes the one with the later time for what runs, and the clock of a machine may have been
  // set back: an end has the time at which the server hears of it.
  const time = endsAction(said) ? {} : { timestamp: at };
  return { ...time, status: { execution, result: { finished, ...share }, ...number, details } };
}
