// Prints simulated-primes.ts: `node agent/identity/make-simulated-primes.ts > agent/identity/simulated-primes.ts` takes about a
// minute and gives the same table each time. It stands here so that anyone can see that the primes are public and why they
// have the form they have (see simulated-keys.ts); nothing imports it.
import { checkPrimeSync } from 'node:crypto';
import { RandomStream } from '../../kernel/random.ts';

const COUNT = 2048;
const EXPONENT = 65537;
const stream = new RandomStream('FLOTILLA SIMULATED PRIMES');

/** A prime P just above 2^975, drawn once; the step between primes is M = 2P, between 2^976 and 2^977. */
function drawStep(): bigint {
  for (;;) {
    const bytes = stream.bytes(122);
    const drawn = (1n << 975n) | (BigInt(`0x${Buffer.from(bytes).toString('hex')}`) >> 1n) | 1n;
    if (checkPrimeSync(drawn, { checks: 20 })) return 2n * drawn;
  }
}

function smallPrimesBelow(bound: number): number[] {
  const composite = new Uint8Array(bound);
  const primes: number[] = [];
  for (let n = 2; n < bound; n++) {
    if (composite[n] === 1) continue;
    primes.push(n);
    for (let multiple = n * n; multiple < bound; multiple += n) composite[multiple] = 1;
  }
  return primes;
}

const step = drawStep();
const sieve = smallPrimesBelow(20_000).map((prime) => ({ prime, residue: Number(step % BigInt(prime)) }));

/** Whether M * multiplier + 1 is a prime that fits RSA-2048 with exponent 65537. */
function fits(multiplier: number): boolean {
  if (multiplier % EXPONENT === 0) return false;
  for (const { prime, residue } of sieve) if ((residue * (multiplier % prime) + 1) % prime === 0) return false;
  return checkPrimeSync(step * BigInt(multiplier) + 1n, { checks: 20 });
}

// Two set bits at the top of both primes make a product of exactly 2048 bits.
const least = Number((3n << 1022n) / step) + 1;
const most = Number(((1n << 1024n) - 2n) / step);
const multipliers = new Set<number>();
while (multipliers.size < COUNT) {
  const multiplier = least + stream.below(most - least);
  if (fits(multiplier)) multipliers.add(multiplier);
}

const table = Buffer.alloc(COUNT * 6);
[...multipliers].forEach((multiplier, i) => table.writeUIntBE(multiplier, i * 6, 6));
const lines = table.toString('base64').match(/.{1,112}/g) ?? [];
process.stdout
  .write(`// SIMULATED: the primes of every pooled key, public and so worthless as secrets. Made by make-simulated-primes.ts; do not edit.
// Prime i is STEP * multiplier i + 1, and multipliers are 6 bytes each, big-endian.

export const STEP_HEX =
  '${step.toString(16)}';

/** Decoding passes over the line breaks. */
export const MULTIPLIERS_BASE64 = \`
${lines.join('\n')}
\`;
`);
