import jsonata, { type Expression } from 'jsonata';

// An expression that loops for ever must not stop the process: JSONata gives up by itself.
const LIMITS = { timeout: 5_000, stack: 1_000 } as const;
const compiled = new Map<string, Expression>();

/** Whether a string of a definition is an expression: `{% … %}`, with nothing around it. */
export function isExpression(text: string): boolean {
  return text.startsWith('{%') && text.endsWith('%}') && text.length >= 4;
}

/** The JSONata inside `{% … %}`, as error texts quote it. */
export function sourceOf(text: string): string {
  return text.slice(2, -2).trim();
}

/** Compiles JSONata; each source is compiled once in the life of the process. @throws when it is not JSONata */
export function compile(source: string): Expression {
  let expression = compiled.get(source);
  if (expression === undefined) {
    expression = jsonata(source, LIMITS);
    compiled.set(source, expression);
  }
  return expression;
}
