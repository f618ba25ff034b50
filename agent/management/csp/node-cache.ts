// NodeCache: the server's own notes on the device, by which it finds what changed since its last visit. Source: NodeCache CSP.
import { ADD, addable, GET, instances, reads, setting } from '../node-rule.ts';
import type { Csp, NodeRule } from '../node-rule.ts';

const RULES: Readonly<Record<string, NodeRule>> = {
  '*': instances((facts) => [facts.providerId]),
  '*/CacheVersion': setting('chr', ''),
  // A simulated device changes nothing behind its server's back.
  '*/ChangedNodes': reads('chr', ''),
  '*/ChangedNodesData': reads('xml', ''),
  '*/Nodes/*': instances(),
  '*/Nodes/*/NodeURI': addable('chr'),
  '*/Nodes/*/ExpectedValue': addable('chr'),
  '*/Nodes/*/AutoSetExpectedValue': { access: GET | ADD, format: 'null' },
};

export const nodeCache: Csp = { root: 'Vendor/MSFT/NodeCache', device: RULES, user: RULES };
