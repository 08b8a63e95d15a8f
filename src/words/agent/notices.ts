/** What `moult agent` says in the terminal or the log. */
import type { AgentNotice } from '../../model/agent/agent-notice.ts';
import type { AgentFeedback } from '../../model/agent/feedback.ts';
import { reasonInWords } from '../host/data-folder.ts';
import { counted } from '../kit/locale.ts';
import { toldInWords } from './feedback.ts';
import { serverTroubleText } from './server-trouble.ts';

export function agentNoticeInWords(notice: AgentNotice): string {
  switch (notice.kind) {
    case 'started':
      return `The agent serves ${counted(notice.devices, 'device', 'devices')}. Stop it with Ctrl+C.`;
    case 'connected':
      return `Connected to ${notice.server}, tenant ${notice.tenant}.`;
    case 'trouble':
      return serverTroubleText(notice);
    case 'not-seen':
      return `${notice.device}: The device does not answer, so the server is not polled for it.`;
    case 'seen-again':
      return `${notice.device}: The device answers again.`;
    case 'needs-confirmation':
      return `${notice.device}: Action ${notice.action} is waiting to be confirmed. Confirm it on the server, or let the agent do so (--confirm).`;
    case 'said':
      return `${notice.device}: ${toldInWords(notice.feedback.told).join(' ')}${shareOf(notice.feedback)}`;
    case 'not-taken':
      return `${notice.device}: The server did not accept this report, so action ${notice.feedback.action} may look unfinished there: ${toldInWords(notice.feedback.told).join(' ')}`;
    case 'not-written':
      return `What the agent has to remember cannot be written to ${notice.folder}: ${reasonInWords(notice.reason)}. After a restart it may know less than it should.`;
    case 'folder-held':
      return `Another agent for this server and tenant uses ${notice.folder}. Stop it first, or name another folder with --data DIR.`;
  }
}

/** " 43 %" */
function shareOf({ progress }: AgentFeedback): string {
  return progress === null || progress.of === 0 ? '' : ` ${Math.floor((progress.count / progress.of) * 100)} %`;
}

/** What a job of an agent names as its maker. */
export const AGENT_HERE = '“moult agent” on this machine';

/** The names of what a server is told of a device, as they stand in its own pages. */
export const ATTRIBUTES = {
  name: 'device.name',
  protocol: 'device.protocol',
  chip: 'device.chip',
  version: 'firmware.version',
  slot: 'firmware.slot',
  lastSeen: 'device.lastSeen',
  agent: 'agent',
} as const;
