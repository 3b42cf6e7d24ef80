// A local cloud in a process of its own, so that its memory can be read: node serve.ts ASSEMBLY STATE
import { startLocalCloud } from '../../local/local-cloud.ts';

const [assembly = '', state = ''] = process.argv.slice(2);
const cloud = await startLocalCloud({ assembly, state, port: 0, sitePort: 0, warn: (message) => console.error(message) });
cloud.stepFunctions.onEvent(({ executionArn, type }) => process.send?.({ executionArn, type }));
process.send?.({
  endpoint: cloud.endpoint,
  siteUrl: cloud.siteUrl,
  region: cloud.region,
  credentials: cloud.credentials,
  outputs: cloud.outputs,
});
process.on('disconnect', () => void cloud.stop().then(() => process.exit()));
