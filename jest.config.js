/** Tests run as native ES modules; esbuild only strips the types (docs/decisions/0008). */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': './test/support/strip-types.js' },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.pulpit', '<rootDir>/build'],
  globalSetup: './test/support/run-folder.js',
  globalTeardown: './test/support/remove-run-folder.js',
  reporters: ['default', './test/support/closing-line.js'],
  testTimeout: 60_000,
};
