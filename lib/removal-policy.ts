import { RemovalPolicy } from 'aws-cdk-lib';
import type { Settings } from './settings.ts';

/** What happens to stored data when its stack is deleted. */
export const removalPolicyOf = ({ keepData }: Settings): RemovalPolicy => (keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
