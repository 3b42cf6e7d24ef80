/** What of a container image matters when its program runs without a container. */
export interface ImageConfiguration {
  readonly environment: Readonly<Record<string, string>>;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
}

// Instructions that change nothing for a program that runs beside its Dockerfile.
const WITHOUT_EFFECT = new Set(['FROM', 'LABEL', 'EXPOSE', 'USER', 'STOPSIGNAL', 'HEALTHCHECK', 'MAINTAINER', 'WORKDIR']);

/**
 * Reads a Dockerfile whose image is its own folder: the build may copy files into the working directory and do nothing else.
 * @throws Error for an instruction whose effect would be missing, such as RUN
 */
export function parseDockerfile(text: string): ImageConfiguration {
  let entryPoint: readonly string[] = [];
  let command: readonly string[] = [];
  const environment: Record<string, string> = {};
  for (const { instruction, rest } of instructionsOf(text)) {
    if (instruction === 'ENTRYPOINT') entryPoint = argumentsOf(rest);
    else if (instruction === 'CMD') command = argumentsOf(rest);
    else if (instruction === 'ENV') Object.assign(environment, variablesOf(rest));
    else if (instruction === 'COPY') checkCopy(rest);
    else if (!WITHOUT_EFFECT.has(instruction)) {
      throw new Error(
        `the Dockerfile uses ${instruction}, which the local cloud does not do; bundle what it makes into the image's folder`,
      );
    }
  }
  if (entryPoint.length + command.length === 0)
    throw new Error('the Dockerfile has neither ENTRYPOINT nor CMD, so there is nothing to run');
  return { environment, entryPoint, command };
}

function instructionsOf(text: string): readonly { readonly instruction: string; readonly rest: string }[] {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\s*\n/g, ' ')
    .split('\n')
    .map((line) => /^\s*(\w+)\s+(.*?)\s*$/.exec(line))
    .flatMap((match) => (match === null ? [] : [{ instruction: (match[1] ?? '').toUpperCase(), rest: match[2] ?? '' }]));
}

/** The JSON form is taken as it is; the other is a shell's. */
function argumentsOf(rest: string): readonly string[] {
  return rest.startsWith('[') ? (JSON.parse(rest) as string[]) : ['/bin/sh', '-c', rest];
}

function variablesOf(rest: string): Readonly<Record<string, string>> {
  const pairs = [...rest.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|\S+)/g)];
  if (pairs.length > 0) {
    return Object.fromEntries(
      pairs.map(([, name = '', value = '']) => [name, value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value]),
    );
  }
  const [, name, value] = /^(\w+)\s+(.*)$/.exec(rest) ?? [];
  if (name === undefined || value === undefined) throw new Error(`ENV ${rest} of the Dockerfile cannot be read; write NAME=value`);
  return { [name]: value };
}

function checkCopy(rest: string): void {
  const words = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
  if (rest.includes('--from=') || !['.', './'].includes(words.at(-1) ?? '')) {
    throw new Error(`the Dockerfile copies "${rest}"; the local cloud runs the image's folder as it is, so copy from it into "./" only`);
  }
}
