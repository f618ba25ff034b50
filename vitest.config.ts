import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/closing-line.ts';

// Three suites: `unit` is quick and pure, `e2e` opens real sockets and threads, `system` needs Debian packages.
export default defineConfig({
  test: {
    reporters: ['default', new ClosingLine()],
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{kernel,catalog,protocol,telemetry,scenarios,agent,backend,orchestrator,dashboards}/**/*.test.ts',
            'test/{contract,property}/**/*.test.ts',
            'test/*.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
