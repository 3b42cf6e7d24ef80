import { BedrockRuntimeClient, type BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { CALL_TIMEOUTS } from '../call-timeouts.ts';

/**
 * A client for Bedrock's models over HTTP/1.1. The SDK's own choice is HTTP/2, which two-way streams need and which an
 * endpoint without TLS, such as the local cloud's, cannot offer beside HTTP/1.1. One answer a call gains nothing from it.
 */
export const bedrockClient = (
  config: BedrockRuntimeClientConfig = {},
  timeouts: { readonly connectionTimeout: number; readonly socketTimeout: number } = CALL_TIMEOUTS,
): BedrockRuntimeClient => new BedrockRuntimeClient({ ...config, requestHandler: new NodeHttpHandler({ ...timeouts }) });
