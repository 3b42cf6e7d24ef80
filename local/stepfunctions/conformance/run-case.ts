import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '../../store/store.ts';
import { parseDefinition } from '../definition/parse-definition.ts';
import { Engine } from '../engine/engine.ts';
import { describeEvent } from '../history/history-event.ts';
import type { RecordedCase } from './recorded-case.ts';
import { RecordedTasks } from './recorded-tasks.ts';

/** How a case ran here. */
export interface CaseResult {
  readonly name: string;
  readonly status: string;
  /** In the shape of GetExecutionHistory. */
  readonly events: readonly Record<string, unknown>[];
}

// Any account and role do: recordings hold placeholders for them.
const ROLE_ARN = 'arn:aws:iam::000000000000:role/conformance';
const MACHINE_ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:conformance';

/** Runs one recorded case on the engine, with a clock that jumps to whatever falls due next. */
export async function runCase(recorded: RecordedCase): Promise<CaseResult> {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const store = new Store({ folder, synchronous: 'NORMAL' });
  try {
    return await runOn(store, recorded);
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runOn(store: Store, { name, definition, input, tasks }: RecordedCase): Promise<CaseResult> {
  let now = Date.now();
  const engine = new Engine({
    store,
    tasks: new RecordedTasks(tasks),
    region: 'us-east-1',
    now: () => now,
    onStatus: () => undefined,
    onNotice: () => undefined,
    onDueChange: () => undefined,
    warn: (message, fields) => process.stderr.write(`${name}: ${message} ${JSON.stringify(fields)}\n`),
  });
  parseDefinition(definition);
  const started = {
    arn: `${MACHINE_ARN}:run`,
    name: 'run',
    stateMachineArn: MACHINE_ARN,
    stateMachineName: 'conformance',
    roleArn: ROLE_ARN,
  };
  const execution = await engine.start({ ...started, input, definitionText: definition });
  for (;;) {
    // Everything that is not a timer goes on within a turn of the event loop.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const due = engine.nextDue();
    if (execution.status !== 'RUNNING' || due === undefined) break;
    now = Math.max(now, due);
    engine.handleDue();
  }
  const events = engine.history.page(execution.id, { skip: 0, limit: -1, newestFirst: false }).map((event) => describeEvent(event));
  return { name, status: execution.status, events };
}
