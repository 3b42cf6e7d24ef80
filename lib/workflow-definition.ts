import validate from 'asl-validator';

/** Names of the placeholders in a workflow's text. */
export const placeholdersIn = (definition: string): ReadonlySet<string> =>
  new Set([...definition.matchAll(/\$\{([^}]*)\}/g)].map(([, name = '']) => name));

/**
 * Checks a workflow's text before CloudFormation sees it.
 * @throws one error with every problem
 */
export function checkDefinition(definition: string, bound: readonly string[], file: string): void {
  const placeholders = placeholdersIn(definition);
  const problems = [
    ...[...placeholders].filter((name) => !bound.includes(name)).map((name) => `\${${name}} has no binding`),
    ...bound.filter((name) => !placeholders.has(name)).map((name) => `the binding ${name} is used nowhere`),
  ];
  // Any number stands for every value: placeholders occur in JSONata, where a number is always an expression.
  const { isValid, errorsText } = validate(JSON.parse(definition.replaceAll(/\$\{[^}]*\}/g, '0')));
  if (!isValid) problems.push(errorsText());
  if (problems.length > 0) throw new Error(`${file} does not hold:\n- ${problems.join('\n- ')}`);
}
