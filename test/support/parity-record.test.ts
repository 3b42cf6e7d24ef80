import { expect, test } from '@jest/globals';
import { parityRecord, scrubbed } from './parity-record.ts';

const ACCOUNT = '123456789012';
const TOKEN = `AQC${'kAAAAKgAAAAMAAAAAAAAAAd'.repeat(8)}`;

test('a record names no account, wherever its number stands', () => {
  const seen = {
    arn: `arn:aws:states:us-east-1:${ACCOUNT}:execution:Publish:a-sermon`,
    other: 'arn:aws:iam::999988887777:role/Somebody',
    image: `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/cdk-hnb659fds-container-assets-${ACCOUNT}-us-east-1:0f`,
    glued: `job_${ACCOUNT}x`,
    inner: JSON.stringify({ role: `arn:aws:iam::${ACCOUNT}:role/R`, nested: JSON.stringify({ queue: `.../${ACCOUNT}/q` }) }),
    sentence: `${ACCOUNT} may not do this: ask 999988887777.`,
  };
  expect(JSON.stringify(scrubbed(seen, ACCOUNT))).not.toMatch(/123456789012|999988887777/);
});

test('a record holds no token, key, signature or e-mail address', () => {
  const seen = {
    input: JSON.stringify({ Payload: { token: TOKEN, sermon: { preacher: 'Ann <ann.lee@parish.example.org>' } } }),
    TaskToken: 'short',
    cause: `no task waits for ${TOKEN}; called by AROAEXAMPLEEXAMPLE12:somebody`,
    url: 'https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F2026&X-Amz-Signature=abcdef&x=1',
  };
  const text = JSON.stringify(scrubbed(seen));
  expect(text).not.toMatch(/AQCk|short|AROA|AKIA|abcdef|ann\.lee/);
  expect(text).toContain('X-Amz-Signature=scrubbed&x=1');
});

test('what tells how a run went stays as it was', () => {
  const seen = { type: 'TaskSucceeded', output: '{"seconds":0.123456789012,"sequencer":"0068AA123456789012B0","list":[1,null,true]}' };
  expect(scrubbed(seen, '')).toEqual(seen);
});

test('a record says which states were entered and when each event came', () => {
  const executionArn = `arn:aws:states:us-east-1:${ACCOUNT}:execution:Publish:a-sermon`;
  const startDate = new Date('2026-03-01T10:00:00Z');
  const entered = {
    type: 'TaskStateEntered',
    id: 2,
    timestamp: new Date('2026-03-01T10:00:01.5Z'),
    stateEnteredEventDetails: { name: 'Probe audio' },
  } as const;
  const record = parityRecord('dev', { executionArn, startDate, status: 'SUCCEEDED' }, [entered, { ...entered, id: 3 }]);
  expect(record).toMatchObject({ stage: 'dev', cloud: 'aws', date: '2026-03-01', states: ['Probe audio'] });
  expect(record.events[0]).toMatchObject({ afterMs: 1500, id: 2 });
});
