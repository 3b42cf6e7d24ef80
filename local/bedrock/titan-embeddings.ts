import { AwsError } from '../gateway/aws-error.ts';
import { projectText, toUnitLength } from './hashed-projection.ts';

/** The model whose requests and answers this stands in for. */
export const TITAN_EMBEDDINGS_V2 = 'amazon.titan-embed-text-v2:0';

const DIMENSIONS = [256, 512, 1024];
const DEFAULT_DIMENSIONS = 1024;
// The model's limits (Bedrock user guide, Titan Text Embeddings V2).
const MOST_TOKENS = 8192;
const MOST_CHARACTERS = 50_000;
// The average of English text that the same guide gives; the tokenizer itself is not public.
const CHARACTERS_PER_TOKEN = 4.7;

interface TitanAnswer {
  readonly embedding: readonly number[];
  readonly embeddingsByType: { readonly float: readonly number[] };
  readonly inputTextTokenCount: number;
}

/**
 * Answers a request to Titan Text Embeddings V2 with a vector that no model made: see `projectText`.
 * @throws AwsError ValidationException where the model refuses
 */
export function embedText(body: string): TitanAnswer {
  const { inputText, dimensions = DEFAULT_DIMENSIONS, normalize = true, embeddingTypes = ['float'], ...unknown } = parse(body);
  const [extra] = Object.keys(unknown);
  if (extra !== undefined) throw malformed(`extraneous key [${extra}] is not permitted`);
  if (typeof inputText !== 'string') throw malformed('required key [inputText] not found');
  if (inputText === '') throw malformed('expected minLength: 1, actual: 0');
  if (inputText.length > MOST_CHARACTERS) throw malformed(`expected maxLength: ${MOST_CHARACTERS}, actual: ${inputText.length}`);
  if (typeof dimensions !== 'number' || !DIMENSIONS.includes(dimensions)) {
    throw malformed(`#/dimensions: ${JSON.stringify(dimensions)} is not a valid enum value; it must be one of ${DIMENSIONS.join(', ')}`);
  }
  if (typeof normalize !== 'boolean') throw malformed('#/normalize: expected type: Boolean');
  if (JSON.stringify(embeddingTypes) !== '["float"]') throw malformed('#/embeddingTypes: the local cloud makes ["float"] only');
  const inputTextTokenCount = Math.ceil(inputText.length / CHARACTERS_PER_TOKEN);
  if (inputTextTokenCount > MOST_TOKENS) {
    throw new AwsError(
      'ValidationException',
      `400 Bad Request: Too many input tokens. Max input tokens: ${MOST_TOKENS}, request input token count: ${inputTextTokenCount}`,
    );
  }
  const projected = projectText(inputText, dimensions);
  const embedding = [...(normalize ? toUnitLength(projected) : projected)];
  return { embedding, embeddingsByType: { float: embedding }, inputTextTokenCount };
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Readonly<Record<string, unknown>>;
  } catch {
    // Answered below.
  }
  throw malformed('the body is not a JSON object');
}

function malformed(why: string): AwsError {
  return new AwsError('ValidationException', `Malformed input request: ${why}, please reformat your input and try again.`);
}
