import { expect, it } from 'vitest';
import { defaultTenant } from '../../backend/default-tenant.ts';
import { describeFault, faultList, parseFaults } from './fault-options.ts';

const { groups } = defaultTenant({ seed: 'x', speed: 1, epochMs: 0 });

function problemsOf(text: string, onePort = false): string {
  const parsed = parseFaults([text], { groups, onePort });
  return parsed.ok ? '' : parsed.error;
}

it('reads a fault with the keys and quantities of a scenario', () => {
  const text = 'slow,service=join,rate=12.5%,cohort=default,from=30 s,until=2 min,delay=250 ms';
  expect(parseFaults(['profile-missing', text], { groups, onePort: false })).toEqual({
    ok: true,
    value: [
      { fault: 'profile-missing', rate: 1, cohort: null, service: null, fromMs: 0, untilMs: null, delayMs: 2_000 },
      {
        fault: 'slow',
        rate: 0.125,
        cohort: 'default',
        service: 'join',
        fromMs: 30_000,
        untilMs: 120_000,
        delayMs: 250,
      },
    ],
  });
  expect(parseFaults(['reset,service=apps,rate=0.1'], { groups, onePort: true })).toMatchObject({
    value: [{ rate: 0.1 }],
  });
});

it('says everything that is wrong with one, with what may have been meant', () => {
  expect(problemsOf('profile-mising')).toBe(
    '--fault profile-mising: no fault is called "profile-mising"; did you mean profile-missing?',
  );
  const many = problemsOf('slow,rat=1,rate=2,cohort=defautl,from=soon,delay').split('\n');
  expect(many.map((line) => line.slice(line.indexOf(': ') + 2))).toEqual([
    '"rat" is none of rate, cohort, service, from, until, delay; did you mean rate?',
    'delay has no value, such as delay="5 s"',
    'rate is "2"; it is a percentage above 0% up to 100%, or a share such as 0.1',
    'there is no cohort "defautl"; did you mean default?; there is default',
    'it can be anywhere: say where, such as service=management',
    expect.stringContaining('from is "soon"; it is a duration with its unit'),
  ]);
  expect(problemsOf('profile-missing,service=join')).toContain('it is a fault of profile, not of join');
  expect(problemsOf('profile-missing,service=jion')).toContain('no service is called "jion"; did you mean join?');
  expect(problemsOf('profile-missing,from=2 s,until=1 s')).toContain('it ends before it begins');
});

it('refuses what a fault of connections cannot be told', () => {
  expect(problemsOf('handshake-stalled,service=join')).toBe('');
  expect(problemsOf('handshake-stalled,service=join', true)).toContain('leave out --port');
  expect(problemsOf('handshake-stalled,service=join,cohort=default')).toContain('before anybody says of which cohort');
  expect(problemsOf('connection-refused,service=join,rate=50%')).toContain('leave out rate');
  expect(problemsOf('untrusted-certificate,service=apps')).toContain('apps speaks no TLS');
});

it('describes a fault as it was told', () => {
  const told = ['slow,service=join,rate=12.5%,cohort=default,from=30 s,until=2 min', 'profile-missing'];
  const parsed = parseFaults(told, { groups, onePort: false });
  expect(parsed.ok && parsed.value.map(describeFault)).toEqual([
    'slow at join, 12.5% of cohort default, from 30.0 s until 2 min 00 s',
    'profile-missing at profile, 100% of all, from 0 s',
  ]);
});

it('lists every fault with what it causes', () => {
  expect(faultList()).toMatch(/^profile-missing +profile +815: .+ -> 815 \(Autopilot profile\)$/m);
  expect(faultList()).toMatch(/^slow +any +/m);
});
