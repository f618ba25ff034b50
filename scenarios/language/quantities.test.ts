import { describe, expect, it } from 'vitest';
import { DURATION, PERCENT, RATE, readQuantity, SIZE, type Quantity } from './quantities.ts';

describe('quantities', () => {
  it.each<[Quantity, string, number]>([
    [DURATION, '20 s', 20_000],
    [DURATION, '1.5h', 5_400_000],
    [DURATION, '250 ms', 250],
    [DURATION, '2 d', 172_800_000],
    [RATE, '10/s', 10],
    [RATE, '90 / min', 1.5],
    [RATE, '7200/h', 2],
    [SIZE, '2 MB', 2_097_152],
    [SIZE, '0.5 KB', 512],
    [PERCENT, '0.1%', 0.001],
    [PERCENT, '7%', 0.07],
  ])('%# reads %s', (quantity, text, value) => {
    expect(readQuantity(quantity, text)).toBe(value);
  });

  it.each<[Quantity, string]>([
    [DURATION, '20'],
    [DURATION, '-5 s'],
    [DURATION, '5 sec'],
    [DURATION, '1 min 30 s'],
    [RATE, '10'],
    [RATE, '10/d'],
    [SIZE, '2 mb'],
    [PERCENT, '1'],
  ])('%# refuses %s', (quantity, text) => {
    expect(readQuantity(quantity, text)).toBeUndefined();
  });

  it('reads every example that it gives', () => {
    for (const quantity of [DURATION, RATE, SIZE, PERCENT]) {
      for (const example of quantity.examples) expect(readQuantity(quantity, example)).toBeGreaterThan(0);
    }
  });
});
