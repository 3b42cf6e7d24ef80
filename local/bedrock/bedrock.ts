import type { Cloud, CloudPart } from '../cloud.ts';
import { AwsError } from '../gateway/aws-error.ts';
import { restJson, type RestRoute } from '../gateway/codecs/rest-json.ts';
import type { Members, Operation, Service } from '../gateway/service.ts';
import { embedText, TITAN_EMBEDDINGS_V2 } from './titan-embeddings.ts';

/** Tells in every answer that no model made it. */
const STAND_IN = { 'x-pulpit-stand-in': 'hashed projection of words; no model was asked' };

/**
 * Bedrock without models: InvokeModel of Titan Text Embeddings V2 is answered by a hashed projection, which finds texts that
 * share words and knows nothing of meaning. Any other model is refused by name.
 */
export function createBedrock(cloud: Cloud): CloudPart & { readonly service: Service } {
  return {
    service: { signingName: 'bedrock', codec: restJson([INVOKE_MODEL]), operations: { InvokeModel: invokeModel(cloud) } },
  };
}

// Both bodies are the model's own, so they pass as they are.
const INVOKE_MODEL: RestRoute = {
  method: 'POST',
  path: '/model/{modelId}/invoke',
  operation: 'InvokeModel',
  decode: ({ path, body, headers }) => ({
    modelId: path['modelId'],
    body,
    contentType: headers['content-type'],
    accept: headers['accept'],
  }),
  encode: (output) => ({
    headers: {
      'content-type': String(output['contentType']),
      'x-amzn-bedrock-input-token-count': String(output['inputTokenCount']),
      ...STAND_IN,
    },
    body: output['body'] as Uint8Array,
  }),
};

/** InvokeModel. */
function invokeModel({ region }: Cloud): Operation {
  const modelArn = (modelId: string): string =>
    modelId.startsWith('arn:') ? modelId : `arn:aws:bedrock:${region}::foundation-model/${modelId}`;
  return {
    permissions: (input) => [{ action: 'bedrock:InvokeModel', resource: modelArn(String(input['modelId'])) }],
    run(input) {
      if (modelArn(String(input['modelId'])) !== modelArn(TITAN_EMBEDDINGS_V2)) {
        throw new AwsError(
          'ValidationException',
          `The provided model identifier is invalid: the local cloud stands in for ${TITAN_EMBEDDINGS_V2} only, not for ${String(input['modelId'])}`,
        );
      }
      const answer = embedText(textOf(input));
      return {
        body: Buffer.from(JSON.stringify(answer)),
        contentType: 'application/json',
        // Not a member of the SDK's shape: the codec makes a header of it.
        inputTokenCount: answer.inputTextTokenCount,
      };
    },
  };
}

function textOf(input: Members): string {
  const body: unknown = input['body'];
  return typeof body === 'string' ? body : Buffer.from(body instanceof Uint8Array ? body : []).toString('utf8');
}
