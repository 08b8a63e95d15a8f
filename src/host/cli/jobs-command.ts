/** `moult jobs`: the updates and rollouts that this machine's host has, as they lie in its folder. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { HostRollout } from '../../model/jobs/host-rollout.ts';
import type { Job } from '../../model/jobs/job.ts';
import { countRollout } from '../../model/rollout/rollout-state.ts';
import { jobLine, NO_JOBS, rolloutOnLine } from '../../words/host/jobs.ts';
import { countsInWords } from '../../words/rollout/rollout-progress.ts';
import { describeElsewhere as describe } from '../../words/update/describe-elsewhere.ts';
import { userDataFolder } from '../data/user-data.ts';
import { jobsIn, rolloutsIn } from '../jobs/job-service.ts';
import type { Print } from './output.ts';
import { parsed } from './usage.ts';

export async function jobsCommand(args: readonly string[], print: Print, complain: Print): Promise<number> {
  const { values } = parsed(() =>
    parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false }, data: { type: 'string' } },
    }),
  );
  const folder = resolve(values.data ?? userDataFolder());
  const jobs = await jobsIn(folder, complain);
  const rollouts = await rolloutsIn(folder, complain);
  if (values.json) print(JSON.stringify({ jobs, rollouts }, null, 2));
  else if (jobs.length + rollouts.length === 0) print(NO_JOBS);
  else print([...rollouts.map(rolloutInOneLine), ...jobs.map(inOneLine)].join('\n'));
  return 0;
}

function rolloutInOneLine({ firmware, standing, lines }: HostRollout): string {
  const counts = countsInWords(countRollout(new Map(lines)));
  return rolloutOnLine({ firmware: firmware.name, standing, counts });
}

function inOneLine({ by, device, firmware, standing, update }: Job): string {
  const words = update === null ? null : describe(update, { device: device.name, version: firmware.version });
  const { acknowledged, total } = update?.progress ?? { acknowledged: 0, total: 0 };
  return jobLine({
    by,
    // A push from this machine names a device by its address.
    device: device.name.includes(device.origin) ? device.name : `${device.name} (${device.origin})`,
    firmware: firmware.name,
    standing: standing.kind,
    words,
    share: standing.kind === 'ended' || total === 0 ? null : acknowledged / total,
  });
}
