import { type BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';

/** Which model makes the vectors; a query must be embedded by the model that embedded the passages. */
export interface EmbeddingModel {
  /** Bedrock's model id; it must take Titan Text Embeddings V2's request. */
  readonly modelId: string;
  /** 256, 512 or 1,024 with Titan. */
  readonly dimensions: number;
}

/** A text's vector, and what it took to make. */
export interface Embedding {
  readonly vector: number[];
  /** As the model counted them, or the usual 4.7 characters each (Titan's guide) where it does not tell. */
  readonly inputTokens: number;
}

const CHARACTERS_PER_TOKEN = 4.7;

/** Embeds one text. Titan takes at most 8,192 tokens, which is far above a passage's 250. */
export async function embedText(
  bedrock: BedrockRuntimeClient,
  model: EmbeddingModel,
  text: string,
  signal?: AbortSignal,
): Promise<Embedding> {
  const { body } = await bedrock.send(
    new InvokeModelCommand({
      modelId: model.modelId,
      contentType: 'application/json',
      accept: 'application/json',
      body: JSON.stringify({ inputText: text, dimensions: model.dimensions, normalize: true }),
    }),
    signal === undefined ? {} : { abortSignal: signal },
  );
  return parseEmbedding(new TextDecoder().decode(body), model, text);
}

/** Reads Titan's answer. @throws Error where it is not a vector of the expected length. */
export function parseEmbedding(json: string, { modelId, dimensions }: EmbeddingModel, text: string): Embedding {
  const answer: unknown = JSON.parse(json);
  const { embedding, inputTextTokenCount: tokens } = isObject(answer) ? answer : {};
  if (
    !Array.isArray(embedding) ||
    embedding.length !== dimensions ||
    !embedding.every((value) => typeof value === 'number' && Number.isFinite(value))
  ) {
    const got = Array.isArray(embedding) ? `${embedding.length} values` : 'no vector';
    throw new Error(
      `model ${modelId} answered with ${got}, ${dimensions} numbers are expected; check EMBEDDING_MODEL_ID and EMBEDDING_DIMENSIONS`,
    );
  }
  return { vector: embedding, inputTokens: typeof tokens === 'number' ? tokens : Math.ceil(text.length / CHARACTERS_PER_TOKEN) };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
