import { createHash, createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

/** Of one call; an answer takes some tens of milliseconds. */
const CALL_MILLISECONDS = 3000;
/** Waits before the second and the third try, which must all fit into the function's timeout. */
const RETRY_MILLISECONDS = [100, 400] as const;

/**
 * The values of a secret that are good now: the current one, and the previous one while a rotation goes on.
 *
 * One operation of one service, read once a cold start: signed here, because its client of the SDK would add more to the
 * bundle than all of this function's own code.
 * @throws Error when the secret cannot be read
 */
export async function readSecretValues(secretArn: string): Promise<readonly string[]> {
  const values = await Promise.all([readStage(secretArn, 'AWSCURRENT'), readStage(secretArn, 'AWSPREVIOUS')]);
  const [current] = values;
  if (current === undefined) throw new Error(`secret ${secretArn} has no current value; give it one and try again`);
  return values.filter((value) => value !== undefined);
}

/** @returns undefined when the secret has no value at that stage */
async function readStage(secretArn: string, stage: string): Promise<string | undefined> {
  const body = JSON.stringify({ SecretId: secretArn, VersionStage: stage });
  for (const delay of [...RETRY_MILLISECONDS, undefined]) {
    const response = await call(body).catch((error: unknown) => {
      if (delay === undefined) throw new Error(`secret ${secretArn} cannot be read`, { cause: error });
    });
    if (response?.ok === true) return secretStringIn(await response.json());
    const reason = response === undefined ? '' : await response.text();
    if (reason.includes('ResourceNotFoundException') && stage === 'AWSPREVIOUS') return undefined;
    const mayPass = response === undefined || response.status >= 500 || response.status === 429 || reason.includes('Throttling');
    if (delay === undefined || !mayPass) throw new Error(`secret ${secretArn} cannot be read: ${response?.status} ${reason.slice(0, 300)}`);
    await wait(delay);
  }
  return undefined;
}

function secretStringIn(answer: unknown): string {
  const value = typeof answer === 'object' && answer !== null && 'SecretString' in answer ? answer.SecretString : undefined;
  if (typeof value !== 'string' || value === '') throw new Error('the secret holds no text; let Secrets Manager generate it again');
  return value;
}

/** GetSecretValue, signed with the function's own credentials (Signature Version 4). */
function call(body: string): Promise<Response> {
  const { AWS_REGION: region = '', AWS_ENDPOINT_URL: endpoint = `https://secretsmanager.${region}.amazonaws.com` } = process.env;
  const { AWS_ACCESS_KEY_ID: keyId = '', AWS_SECRET_ACCESS_KEY: key = '', AWS_SESSION_TOKEN: token } = process.env;
  const url = new URL('/', endpoint);
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/${region}/secretsmanager/aws4_request`;
  // In alphabetical order, as the signature wants them.
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    host: url.host,
    'x-amz-date': time,
    ...(token === undefined ? {} : { 'x-amz-security-token': token }),
    'x-amz-target': 'secretsmanager.GetSecretValue',
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const request = ['POST', '/', '', lines.join(''), names, sha256(body)].join('\n');
  const signingKey = scope.split('/').reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${key}`);
  const signature = hmac(signingKey, ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${keyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return fetch(url, { method: 'POST', headers: { ...headers, authorization }, body, signal: AbortSignal.timeout(CALL_MILLISECONDS) });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
