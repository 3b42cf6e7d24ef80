import type { Cloud, CloudPart, EventBus } from '../cloud.ts';
import { awsJson } from '../gateway/codecs/aws-json.ts';
import type { QueueService } from '../sqs/queue-service.ts';
import { Buses } from './bus.ts';
import { putEvents } from './put-events.ts';
import { ruleFrom } from './rule.ts';
import { Schedules } from './schedules.ts';

/** EventBridge of the local cloud: `bus` for the other parts, the rest for the gateway and the deployment. */
export interface Events extends CloudPart {
  readonly bus: EventBus;
}

/** Makes the EventBridge part; rules deliver to queues and functions. */
export function createEvents(cloud: Cloud, queues: QueueService): Events {
  const buses = new Buses(cloud, queues);
  const schedules = new Schedules(cloud, buses);
  return {
    bus: buses,
    resources: {
      'AWS::Events::EventBus': ({ properties }) => {
        const name = String(properties['Name']);
        buses.defineBus(name);
        return { ref: name, attributes: { Arn: buses.arnOf(name), Name: name } };
      },
      'AWS::Events::Rule': (request) => {
        const rule = ruleFrom(request, cloud);
        buses.defineRule(rule);
        return { ref: rule.bus === 'default' ? rule.name : `${rule.bus}|${rule.name}`, attributes: { Arn: rule.arn } };
      },
    },
    service: {
      signingName: 'events',
      codec: awsJson({ targetPrefix: 'AWSEvents', version: '1.1' }),
      operations: { PutEvents: putEvents(buses) },
    },
    start: () => schedules.start(),
    stop: () => schedules.stop(),
  };
}
