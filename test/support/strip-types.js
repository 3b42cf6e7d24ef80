import { transformSync } from 'esbuild';

const compile = (source, file) => ({
  code: transformSync(source, {
    loader: 'ts',
    format: 'esm',
    target: 'node24',
    sourcefile: file,
    sourcemap: 'inline',
    // Lit's reactive properties are accessors on the prototype; a class field would hide them.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
  }).code,
});

/** Jest transform: TypeScript in, the same ES module without types out. */
export default { process: compile, processAsync: async (source, file) => compile(source, file) };
