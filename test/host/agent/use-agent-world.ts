/** A world of an agent (`agent-world.ts`) for each test of a suite, and what is asked of it again and again. */
import { expect } from 'chai';
import { isActive, type Action } from '../../../src/simulator/hawkbit/actions.ts';
import { AgentWorld } from './agent-world.ts';

type Options = ConstructorParameters<typeof AgentWorld>[0];

export const HOUR = 3_600_000;

/** What the rollout server was told of an action, but for what of its files was fetched. */
export const words = ({ entries }: Action): readonly string[] =>
  entries.map(({ status }) => status).filter((status) => status !== 'DOWNLOAD');

export const over = (action: Action) => (): boolean => !isActive(action);

/** Answers with what makes one. Each is stopped after its test, and must have met nothing that nobody planned for. */
export function useAgentWorld(): (options?: Options) => AgentWorld {
  const worlds: AgentWorld[] = [];
  afterEach(async () => {
    for (const world of worlds.splice(0)) {
      await world.stop();
      expect(world.surprises).to.deep.equal([]);
    }
  });
  return (options = {}) => {
    const world = new AgentWorld(options);
    worlds.push(world);
    return world;
  };
}
