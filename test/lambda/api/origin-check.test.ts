import { expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { OriginCheck } from '../../../lambda/api/origin-check.ts';
import { refuseRequest } from '../../../lambda/api/problems.ts';

/** A secret that rotates when told, on a clock that moves when told. */
function secret() {
  const state = { values: ['first'], reads: 0, milliseconds: 1_000_000 };
  const check = new OriginCheck(
    async () => {
      state.reads += 1;
      return state.values;
    },
    () => state.milliseconds,
  );
  return { state, check };
}

test('a request is let through with the secret, and refused without it or with another', async () => {
  const { check } = secret();
  expect([await check.accepts('first'), await check.accepts(undefined), await check.accepts('firs')]).toEqual([true, false, false]);
});

test('the secret is read once, and strangers make it be read once a minute at most', async () => {
  const { state, check } = secret();
  for (const given of ['first', 'first', 'wrong', 'wrong']) await check.accepts(given);
  expect(state.reads).toBe(1);
  state.milliseconds += 60_000;
  for (const given of ['wrong', 'wrong']) await check.accepts(given);
  expect(state.reads).toBe(2);
});

test('after a rotation the new and the previous secret are both good', async () => {
  const { state, check } = secret();
  await check.accepts('first');
  state.values = ['second', 'first'];
  state.milliseconds += 60_000;
  expect([await check.accepts('first'), await check.accepts('second'), await check.accepts('first')]).toEqual([true, true, true]);
});

test('a secret that could not be read is asked for again by the next request', async () => {
  let fails = true;
  const check = new OriginCheck(async () => {
    if (fails) throw new Error('no answer');
    return ['first'];
  });
  await expect(check.accepts('first')).rejects.toThrow('no answer');
  fails = false;
  expect(await check.accepts('first')).toBe(true);
});

test('a refusal is a problem document that nobody keeps', () => {
  const { statusCode, headers, body } = refuseRequest({
    rawPath: '/v1/sermons',
    requestContext: { http: { method: 'GET' } },
  } as APIGatewayProxyEventV2);
  expect([statusCode, headers]).toEqual([403, { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }]);
  expect(JSON.parse(body ?? '')).toMatchObject({ status: 403, instance: '/v1/sermons' });
});
