import { describe, expect, it } from 'vitest';
import { atomic, get, replace } from './commands.ts';
import { fillRound, own, writeRound } from './round.ts';

const VALUES: Record<string, string> = { upn: 'a&b@fleet.example', 'scep-challenge user 2': 'secret' };
const valueOf = (name: string): string => VALUES[name] ?? '';

describe('a round', () => {
  it('is written once and filled for each device, its values escaped', () => {
    const round = writeRound([
      replace('./a', 'chr', `CN=${own('upn')}`),
      atomic([replace('./b', 'chr', own('scep-challenge user 2')), replace('./c', 'chr', own('upn'))]),
    ]);
    expect(round.gaps).toEqual(['upn', 'scep-challenge user 2', 'upn']);
    const { text, commands } = fillRound(round, valueOf);
    expect(commands).toBe(4);
    expect(text.match(/<Data>[^<]*/g)).toEqual([
      '<Data>CN=a&amp;b@fleet.example',
      '<Data>secret',
      '<Data>a&amp;b@fleet.example',
    ]);
    expect(fillRound(round, () => 'other').text).not.toContain('secret');
  });

  it('is the same text for all where nothing is a device\u2019s own', () => {
    const round = writeRound([get('./a', './b')]);
    expect(round).toEqual({ commands: 1, gaps: [], texts: [expect.stringMatching(/^<Get><CmdID>1<\/CmdID>/)] });
    expect(fillRound(round, valueOf).text).toBe(round.texts[0]);
  });

  it('leaves alone what only looks like a gap', () => {
    const odd = '\ue000somebody else\ue001';
    expect(fillRound(writeRound([replace('./a', 'chr', odd)]), valueOf).text).toContain(odd);
  });
});
