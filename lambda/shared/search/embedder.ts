import { type BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';

/** Which model makes the vectors; a query must be embedded by the model that embedded the passages. */
export interface EmbeddingModel {
  /** Bedrock's model id; it must take Titan Text Embeddings V2's request. */
  readonly modelId: string;
  /** 256, 512 or 1,024 with Titan. */
  readonly dimensions: number;
}

/** Embeds one text. Titan takes at most 8,192 tokens, which is far above a passage's 250. */
export async function embedText(
  bedrock: BedrockRuntimeClient,
  model: EmbeddingModel,
  text: string,
  signal?: AbortSignal,
): Promise<number[]> {
  const { body } = await bedrock.send(
    new InvokeModelCommand({
      modelId: model.modelId,
      contentType: 'application/json',
      accept: 'application/json',
      body: JSON.stringify({ inputText: text, dimensions: model.dimensions, normalize: true }),
    }),
    signal === undefined ? {} : { abortSignal: signal },
  );
  return parseEmbedding(new TextDecoder().decode(body), model);
}

/** Reads Titan's answer. @throws Error where it is not a vector of the expected length. */
export function parseEmbedding(json: string, { modelId, dimensions }: EmbeddingModel): number[] {
  const answer: unknown = JSON.parse(json);
  const embedding: unknown = typeof answer === 'object' && answer !== null && 'embedding' in answer ? answer.embedding : undefined;
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
  return embedding;
}
