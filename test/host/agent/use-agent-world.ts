/** A world of an agent (`agent-world.ts`) for each test of a suite, and questions to it that several suites have. */
import { expect } from 'chai';
import { isActive, type Action } from '../../../src/simulator/hawkbit/actions.ts';
import { AgentWorld } from './agent-world.ts';

type Options = ConstructorParameters<typeof AgentWorld>[0];

export const HOUR = 3_600_000;

/** What the rollout server was told of an action, without the downloads. */
export const words = ({ entries }: Action): readonly string[] =>
  entries.map(({ status }) => status).filter((status) => status !== 'DOWNLOAD');

export const over = (action: Action) => (): boolean => !isActive(action);

/** Returns a function that makes a world. Each one is stopped after its test, and must have met no unexpected error. */
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
