import { expect } from 'chai';
import { newAction, newNote, type ActionNote } from '../../../../src/agent/note.ts';
import { shownTargets, targetView } from '../../../../src/host/agent/target/target-view.ts';
import type { AgentTarget } from '../../../../src/model/agent/agent-view.ts';

const WAIT = { soft: 'wait' } as const;

function viewOf(name: string, action: Partial<ActionNote> | null, isSeen: boolean | null = true): AgentTarget {
  const note = { ...newNote(name), action: action === null ? null : { ...newAction('1'), ...action } };
  return targetView({ name, note, isSeen, state: null }, WAIT);
}

describe('what a page is told of an agent’s devices', () => {
  it('is how far each assignment is', () => {
    const standings = (
      [
        { phase: 'offered' },
        { phase: 'ready', update: 'attempt' },
        { phase: 'ready', update: 'attempt', isApproved: true },
        { phase: 'ready', update: 'forced' },
        { phase: 'ready', onlyLook: true },
        { phase: 'running' },
        { phase: 'taken' },
        { phase: 'closed' },
      ] as const
    ).map((action) => viewOf('kitchen', action).assignment?.standing);
    expect(standings).to.deep.equal([
      ...['fetching', 'offer', 'waiting', 'waiting', 'looked-for', 'running', 'taken', 'ended-there'],
    ]);
  });

  it('is of many no more than a page can show, in their order: those that wait for a person, and that run or are off', () => {
    const idle = Array.from({ length: 1_000 }, (_, at) => viewOf(`idle-${at}`, null));
    const shown = shownTargets([
      ...idle,
      viewOf('off', null, false),
      viewOf('runs', { phase: 'running' }),
      viewOf('offer', { phase: 'ready', update: 'attempt' }),
    ]);
    expect(shown.targets.slice(-4).map(({ name }) => name)).to.deep.equal(['idle-96', 'off', 'runs', 'offer']);
    expect(shown.targets).to.have.length(100);
    expect(shown.more).to.equal(903);
  });
});
