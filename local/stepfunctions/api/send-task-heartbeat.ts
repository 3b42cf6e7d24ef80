import type { Operation } from '../../gateway/service.ts';
import type { StepFunctionsParts } from './parts.ts';
import { tokenPermissions, useToken } from './task-token.ts';

/** SendTaskHeartbeat: the task that waits for the token gets another HeartbeatSeconds. */
export function sendTaskHeartbeat(parts: StepFunctionsParts): Operation {
  return {
    permissions: (input) => tokenPermissions(parts, 'SendTaskHeartbeat', input),
    run: (input) => useToken(parts, input, (token) => parts.engine.heartbeat(token)),
  };
}
