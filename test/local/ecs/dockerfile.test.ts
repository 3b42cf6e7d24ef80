import { expect, test } from '@jest/globals';
import { parseDockerfile } from '../../../local/ecs/dockerfile.ts';

test('program, arguments and environment are read', () => {
  const text = `# comment\nFROM node:24-slim AS base\nENV NODE_ENV=production \\\n  NAME="two words"\nWORKDIR /app\nCOPY --chown=node main.mjs ./\nUSER node\nENTRYPOINT ["node", "main.mjs"]\nCMD ["--all"]\n`;
  expect(parseDockerfile(text)).toEqual({
    environment: { NODE_ENV: 'production', NAME: 'two words' },
    entryPoint: ['node', 'main.mjs'],
    command: ['--all'],
  });
});

test.each(['RUN npm ci', 'COPY --from=build /app ./', 'COPY main.mjs /elsewhere/', 'ADD x.tar ./'])(
  '%s is refused, because its effect would be missing',
  (line) => {
    expect(() => parseDockerfile(`FROM node\n${line}\nCMD ["node"]`)).toThrow('Dockerfile');
  },
);
