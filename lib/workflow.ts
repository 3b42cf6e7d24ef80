import { readFileSync } from 'node:fs';
import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { createLogGroup } from './observability.ts';
import { acknowledge, wildcardFinding } from './permissions.ts';
import { physicalNames } from './physical-names.ts';
import type { Settings } from './settings.ts';
import type { Binding } from './workflow-bindings.ts';
import { checkDefinition } from './workflow-definition.ts';

export interface WorkflowProps {
  readonly settings: Settings;
  /** Path of the `.asl.json` file. */
  readonly definitionFile: string;
  /** What each `${name}` of the text stands for, and what the workflow may do with it. */
  readonly bindings: Readonly<Record<string, Binding>>;
  /** Under `/aws/vendedlogs/`. */
  readonly logGroupName: string;
}

/** A Standard workflow from its text. The text says what happens, the bindings say with what, and neither can forget the other. */
export class Workflow extends Construct {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const definition = readFileSync(props.definitionFile, 'utf8');
    checkDefinition(definition, Object.keys(props.bindings), props.definitionFile);

    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') });
    this.stateMachine = new sfn.StateMachine(this, 'Resource', {
      stateMachineType: sfn.StateMachineType.STANDARD,
      // As a string the text stands in the template, where a diff shows it; as a file it would be an opaque asset.
      definitionBody: sfn.DefinitionBody.fromString(definition),
      definitionSubstitutions: Object.fromEntries(Object.entries(props.bindings).map(([name, { value }]) => [name, value])),
      role,
      tracingEnabled: true,
      logs: {
        level: sfn.LogLevel.ALL,
        // A failed run is understood from its data. The one secret in it, a task token, serves only roles that may answer tasks.
        includeExecutionData: true,
        destination: createLogGroup(this, 'Logs', props.settings, props.logGroupName),
      },
    });
    this.#publish(physicalNames(props.settings).workflowAlias);
    for (const { grantTo } of Object.values(props.bindings)) grantTo?.(role);
    acknowledge(role, 'vended logs and X-Ray are authorised on no narrower resource', wildcardFinding(role, '*'));
  }
  /**
   * Keeps each deployed definition as a version, and names the newest `live`: an earlier one can be started by its ARN when
   * a deployment turns out wrong. Uploads start the machine itself, which runs the same definition: that a name starts one
   * run only is documented for a machine, not across its versions, and a redelivered event may meet the next version (decision 9).
   */
  #publish(name: string): void {
    const { stateMachineArn, stateMachineRevisionId } = this.stateMachine;
    const version = new sfn.CfnStateMachineVersion(this, 'Version', { stateMachineArn, stateMachineRevisionId });
    // Another revision makes another version; the one before stays, for going back. All of them go with their machine.
    version.applyRemovalPolicy(RemovalPolicy.RETAIN);
    new sfn.CfnStateMachineAlias(this, 'Live', {
      name,
      routingConfiguration: [{ stateMachineVersionArn: version.attrArn, weight: 100 }],
    });
  }
}
