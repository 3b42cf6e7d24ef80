/** Gives the value that a reference stands for, by the service that it names: `{{resolve:service:reference}}`. */
export type DynamicReferences = Readonly<Record<string, (reference: string) => string>>;

/**
 * Replaces every dynamic reference in the properties of a resource. CloudFormation does so at each deployment, after all
 * intrinsics.
 * @throws Error for a service that is not known, by name
 */
export function resolveDynamicReferences(value: unknown, services: DynamicReferences): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\{\{resolve:([^:}]+):([^}]*)\}\}/g, (whole, service: string, reference: string) => {
      const resolve = services[service];
      if (resolve === undefined)
        throw new Error(
          `the template uses ${whole}; the local cloud resolves references to ${Object.keys(services).join(', ') || 'nothing'}`,
        );
      return resolve(reference);
    });
  }
  if (Array.isArray(value)) return value.map((item) => resolveDynamicReferences(item, services));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolveDynamicReferences(inner, services)]));
}
