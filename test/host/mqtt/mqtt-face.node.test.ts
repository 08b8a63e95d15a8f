import { startAedes } from './test-broker.ts';
import { tellsHomeAssistant } from './mqtt-story.ts';

describe('a host over a broker in this process', () => tellsHomeAssistant(startAedes));
