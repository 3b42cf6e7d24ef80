import { openInput } from './open-input.ts';
import { mixed, normalised, type EncoderInput, type Recording } from './normalise.ts';
import { runProgram } from './run-program.ts';
import type { Codec, LoudnessTarget } from './transcode-plan.ts';

/** One file to encode. */
export interface Encoding {
  readonly file: string;
  readonly codec: Codec;
  readonly loudness?: LoudnessTarget;
}

interface Prepared extends Encoding {
  readonly input: EncoderInput;
}

// Processor time relative to AAC, measured on 41 minutes of speech: how renditions are shared out fairly.
const COST = { aac: 1, mp3: 0.7, wav: 0.15 } as const;

/**
 * Encodes every file of a job. ffmpeg encodes all its outputs in one thread, and encoders take most of the time, so as
 * many processes as there are processors halve the wait and cost only a second decoding.
 */
export async function encodeAll(recording: Recording, encodings: readonly Encoding[]): Promise<void> {
  const prepared = await prepare(recording, encodings);
  const failed = new AbortController();
  const signal = AbortSignal.any([recording.signal, failed.signal]);
  const processes = shareOut(prepared, recording.limit.size).map((share) =>
    recording.limit.run(() => runProgram('ffmpeg', encodeArguments(share), { signal })),
  );
  // One failed process fails the job: the others are ended first, so that nothing writes any more when this rejects.
  await Promise.all(processes).catch(async (error: unknown) => {
    failed.abort(error);
    await Promise.allSettled(processes);
    throw error;
  });
}

/** Finds out what each encoder reads; renditions of the same loudness share one input. */
function prepare(recording: Recording, encodings: readonly Encoding[]): Promise<readonly Prepared[]> {
  const inputs = new Map<string, Promise<EncoderInput>>();
  return Promise.all(
    encodings.map(async (encoding) => {
      const { codec, loudness } = encoding;
      if (loudness === undefined) return { ...encoding, input: mixed(recording, codec.channels) };
      const key = `${codec.channels} ${loudness.lufs} ${loudness.truePeak}`;
      const input = inputs.get(key) ?? normalised(recording, codec.channels, loudness);
      inputs.set(key, input);
      return { ...encoding, input: await input };
    }),
  );
}

/** Shares encodings out among at most `workers` processes, the dearest first to whoever has least. */
function shareOut<T extends Encoding>(encodings: readonly T[], workers: number): readonly (readonly T[])[] {
  const shares: { cost: number; items: T[] }[] = Array.from({ length: Math.min(workers, encodings.length) }, () => ({
    cost: 0,
    items: [],
  }));
  for (const encoding of encodings.toSorted((a, b) => COST[b.codec.name] - COST[a.codec.name])) {
    const lightest = shares.reduce((least, share) => (share.cost < least.cost ? share : least));
    lightest.cost += COST[encoding.codec.name];
    lightest.items.push(encoding);
  }
  return shares.map(({ items }) => items);
}

/** ffmpeg's arguments for one process: each distinct input once, one output a file. */
function encodeArguments(share: readonly Prepared[]): readonly string[] {
  const chains = [...Map.groupBy(share, ({ input }) => input).entries()];
  const graph = chains.map(([{ track, filters }, members], index) => {
    const labels = members.map((member) => `[split${share.indexOf(member)}]`);
    return `[${index}:a:${track - 1}]${filters},asplit=${members.length}${labels.join('')}`;
  });
  const rates = share.map(({ codec }, index) => `[split${index}]aresample=${codec.sampleRate}[out${index}]`);
  const inputs = chains.flatMap(([{ file }]) => openInput(file));
  const outputs = share.flatMap((encoding, index) => ['-map', `[out${index}]`, ...outputArguments(encoding)]);
  const quiet = ['-nostdin', '-hide_banner', '-nostats', '-v', 'error', '-y'];
  return [...quiet, ...inputs, '-filter_complex', [...graph, ...rates].join(';'), ...outputs];
}

function outputArguments({ codec, file }: Encoding): readonly string[] {
  const plain = ['-map_metadata', '-1', '-fflags', '+bitexact', '-ar', `${codec.sampleRate}`, '-ac', `${codec.channels}`];
  return [...plain, ...codecArguments(codec), `file:${file}`];
}

function codecArguments(codec: Codec): readonly string[] {
  if (codec.name === 'wav') return ['-c:a', `pcm_s${codec.bitDepth}le`, '-f', 'wav'];
  const bitrate = ['-b:a', `${codec.bitrate}`];
  // The fast coder takes 60 % of the time of the default one and measured no worse at these rates.
  if (codec.name === 'aac') return ['-c:a', 'aac', '-aac_coder', 'fast', ...bitrate, '-f', 'adts'];
  // LAME's level 7 takes half the time of its default; at constant bitrate speech shows no difference.
  return ['-c:a', 'libmp3lame', '-compression_level', '7', ...bitrate, '-id3v2_version', '0', '-f', 'mp3'];
}
