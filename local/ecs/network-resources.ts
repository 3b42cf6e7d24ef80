import { createHash } from 'node:crypto';
import type { DeployedResource, ResourceProvider, ResourceProviders, ResourceRequest } from '../assembly/resource-provider.ts';

/** Deploys a network as names only: tasks run on this machine and reach what it reaches. Ids stay the same across restarts. */
export const NETWORK_RESOURCES: ResourceProviders = {
  'AWS::EC2::VPC': (request) => {
    const id = idOf('vpc', request);
    const attributes = {
      VpcId: id,
      CidrBlock: String(request.properties['CidrBlock']),
      DefaultSecurityGroup: idOf('sg', request),
      DefaultNetworkAcl: idOf('acl', request),
    };
    return { ref: id, attributes };
  },
  'AWS::EC2::Subnet': (request) => {
    const id = idOf('subnet', request);
    const { AvailabilityZone, CidrBlock, VpcId } = request.properties;
    return {
      ref: id,
      attributes: { SubnetId: id, AvailabilityZone: String(AvailabilityZone), CidrBlock: String(CidrBlock), VpcId: String(VpcId) },
    };
  },
  'AWS::EC2::SecurityGroup': (request) => {
    const id = idOf('sg', request);
    return { ref: id, attributes: { Id: id, GroupId: id, VpcId: String(request.properties['VpcId']) } };
  },
  'AWS::EC2::InternetGateway': named('igw', 'InternetGatewayId'),
  'AWS::EC2::RouteTable': named('rtb', 'RouteTableId'),
  'AWS::EC2::VPCEndpoint': named('vpce', 'Id'),
  'AWS::EC2::SubnetRouteTableAssociation': named('rtbassoc', 'Id'),
  'AWS::EC2::SecurityGroupEgress': named('sgr', 'Id'),
  'AWS::EC2::SecurityGroupIngress': named('sgr', 'Id'),
  'AWS::EC2::Route': named('route', 'Id'),
  'AWS::EC2::VPCGatewayAttachment': named('attachment', 'Id'),
};

function named(prefix: string, attribute: string): ResourceProvider {
  return (request): DeployedResource => {
    const id = idOf(prefix, request);
    return { ref: id, attributes: { [attribute]: id } };
  };
}

function idOf(prefix: string, { stackName, logicalId }: ResourceRequest): string {
  return `${prefix}-0${createHash('sha256').update(`${stackName}\n${logicalId}`).digest('hex').slice(0, 16)}`;
}
