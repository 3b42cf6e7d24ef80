import type { Cloud, CloudPart } from '../cloud.ts';
import { refuseUnknownProperties } from '../cloudfront/known-properties.ts';
import type { Observability } from '../observability/observability.ts';

/** What a topic is told. */
export interface Notification {
  readonly subject: string;
  readonly message: string;
}

/** The account's topics. Nothing is mailed from here: what a topic is told stands in the log group `/pulpit/sns/<topic>`. */
export interface Topics {
  /** @throws Error when there is no such topic */
  publish(topicArn: string, notification: Notification): void;
}

/** Makes the SNS part: topics as the template defines them, for alarms to tell. It has no API of its own. */
export function createSns(cloud: Cloud, observability: Observability): CloudPart & Topics {
  const names = new Map<string, string>();
  return {
    resources: {
      'AWS::SNS::Topic': ({ logicalId, physicalName, properties }) => {
        refuseUnknownProperties(`topic ${logicalId}`, properties, ['TopicName', 'DisplayName', 'KmsMasterKeyId', 'Tags']);
        const name = String(properties['TopicName'] ?? physicalName);
        const arn = `arn:aws:sns:${cloud.region}:${cloud.accountId}:${name}`;
        names.set(arn, name);
        return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
      },
      'AWS::SNS::Subscription': ({ logicalId, physicalName, properties }) => {
        const { Protocol: protocol, TopicArn: topicArn } = properties;
        if (protocol !== 'email') throw new Error(`subscription ${logicalId}: the local cloud knows the protocol email, not ${protocol}`);
        if (!names.has(String(topicArn))) throw new Error(`subscription ${logicalId}: there is no topic ${topicArn}`);
        return { ref: `${topicArn}:${physicalName}` };
      },
      // Resource policies are not evaluated by the local cloud; identity policies are.
      'AWS::SNS::TopicPolicy': ({ physicalName }) => ({ ref: physicalName }),
    },
    publish(topicArn, { subject, message }) {
      const name = names.get(topicArn);
      if (name === undefined) throw new Error(`there is no topic ${topicArn}`);
      observability.putLog(`/pulpit/sns/${name}`, 'notifications', JSON.stringify({ subject, message }));
    },
  };
}
