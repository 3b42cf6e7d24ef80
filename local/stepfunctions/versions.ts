import type { ResourceProvider, ResourceProviders } from '../assembly/resource-provider.ts';
import { refuseUnknownProperties } from '../cloudfront/known-properties.ts';
import type { Store } from '../store/store.ts';

/**
 * Versions and aliases of state machines. They are numbered and named as on AWS, and that is all: an execution is started
 * by its state machine's own ARN here, and a version's or an alias's is refused like that of a machine that does not exist.
 */
export function versionResources(store: Store): ResourceProviders {
  store.define(
    'create table if not exists sfn_versions (machine_arn text not null, revision_id text not null, number integer not null, primary key (machine_arn, revision_id)) strict',
  );
  return { 'AWS::StepFunctions::StateMachineVersion': versionProvider(store), 'AWS::StepFunctions::StateMachineAlias': aliasProvider };
}

/** The same revision keeps its number; another one gets the next. */
const versionProvider =
  (store: Store): ResourceProvider =>
  ({ logicalId, properties }) => {
    refuseUnknownProperties(`version ${logicalId}`, properties, ['StateMachineArn', 'StateMachineRevisionId', 'Description']);
    const [machineArn, revisionId] = [String(properties['StateMachineArn']), String(properties['StateMachineRevisionId'])];
    store.write(() =>
      store
        .prepare(
          'insert into sfn_versions select ?1, ?2, coalesce(max(number), 0) + 1 from sfn_versions where machine_arn = ?1 on conflict do nothing',
        )
        .run(machineArn, revisionId),
    );
    const row = store.prepare('select number from sfn_versions where machine_arn = ? and revision_id = ?').get(machineArn, revisionId);
    const arn = `${machineArn}:${String(row?.['number'])}`;
    return { ref: arn, attributes: { Arn: arn } };
  };

const aliasProvider: ResourceProvider = ({ logicalId, physicalName, properties }) => {
  refuseUnknownProperties(`alias ${logicalId}`, properties, ['Name', 'Description', 'RoutingConfiguration']);
  const [route, ...others]: readonly { readonly StateMachineVersionArn?: string }[] = properties['RoutingConfiguration'] ?? [];
  if (route?.StateMachineVersionArn === undefined || others.length > 0)
    throw new Error(`alias ${logicalId} must point to one version; the local cloud does not share executions out between several`);
  const machineArn = route.StateMachineVersionArn.replace(/:\d+$/, '');
  const arn = `${machineArn}:${String(properties['Name'] ?? physicalName)}`;
  return { ref: arn, attributes: { Arn: arn } };
};
