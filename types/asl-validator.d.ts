/** asl-validator ships no types; this is the part of it that `lib/workflow.ts` calls. */
declare module 'asl-validator' {
  interface Finding {
    readonly 'Error code': string;
    readonly Message: string;
  }
  /** Checks a workflow definition. It writes `QueryLanguage` into the states of the object it is given. */
  export default function validate(definition: unknown): {
    readonly isValid: boolean;
    readonly errorsText: () => string;
    readonly errors: readonly Finding[];
  };
}
