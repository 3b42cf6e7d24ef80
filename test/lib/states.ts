/** The parts of a state that the tests look at. */
export interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  readonly Arguments?: { readonly FunctionName?: string };
  readonly TimeoutSeconds?: number | string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Branches?: readonly Definition[];
}

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: string;
}

interface Definition {
  readonly States: Readonly<Record<string, State>>;
}

/** All states of a workflow, those of its branches too, in the order of the text. */
export const statesOf = ({ States }: Definition): readonly { readonly name: string; readonly state: State }[] =>
  Object.entries(States).flatMap(([name, state]) => [{ name, state }, ...(state.Branches ?? []).flatMap((branch) => statesOf(branch))]);
