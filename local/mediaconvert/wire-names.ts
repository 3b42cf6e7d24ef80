// Members whose keys are the caller's own words, not names of the model.
const FREE_KEYS: ReadonlySet<string> = new Set(['AudioSelectors', 'AudioSelectorGroups', 'CaptionSelectors', 'DynamicAudioSelectors']);
const FREE_MAPS: ReadonlySet<string> = new Set(['UserMetadata', 'Tags']);

/** The SDK's names from JSON's: MediaConvert writes `fileInput` for FileInput, in every object but the maps. */
export function toSdkNames(value: unknown): unknown {
  return rename(value, upperFirst);
}

/** JSON's names from the SDK's. */
export function toWireNames(value: unknown): unknown {
  return rename(value, lowerFirst);
}

function rename(value: unknown, change: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, change));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [change(name), renameMember(upperFirst(name), member, change)]));
}

function renameMember(name: string, member: unknown, change: (name: string) => string): unknown {
  if (FREE_MAPS.has(name)) return member;
  if (!FREE_KEYS.has(name) || typeof member !== 'object' || member === null) return rename(member, change);
  return Object.fromEntries(Object.entries(member).map(([key, item]) => [key, rename(item, change)]));
}

function upperFirst(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
