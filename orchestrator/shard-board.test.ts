import { describe, expect, it } from 'vitest';
import { ShardBoard } from './shard-board.ts';

async function has(moment: Promise<void>): Promise<boolean> {
  return Promise.race([moment.then(() => true), Promise.resolve().then(() => false)]);
}

describe('ShardBoard', () => {
  it('opens the barrier when the last shard is ready, and ends when the last has left', async () => {
    const board = new ShardBoard(2);
    board.move(0, 'ready');
    expect(await has(board.allReady)).toBe(false);
    board.move(1, 'ready');
    await board.allReady;
    board.move(0, 'left');
    expect(await has(board.allEnded)).toBe(false);
    board.move(1, 'dead');
    await board.allEnded;
    expect([board.isOver(0), board.isOver(1)]).toEqual([true, true]);
  });

  it('does not wake a shard that is over, and knows no other', () => {
    const board = new ShardBoard(1);
    expect(board.move(0, 'dead')).toBe(true);
    expect([board.move(0, 'ready'), board.move(0, 'left'), board.move(1, 'ready')]).toEqual([false, false, false]);
  });

  it('never opens the barrier for the dead alone', async () => {
    const board = new ShardBoard(1);
    board.move(0, 'dead');
    expect(await has(board.allReady)).toBe(false);
  });
});
