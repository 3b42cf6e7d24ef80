/** Kinds of marks in a text: what is being said, what was found, and which of that is looked at. */
export type Mark = 'spoken' | 'found' | 'found-here';

/** Marks places of a text without touching the document: nodes stay, selections stay, and nothing is announced. */
export function mark(kind: Mark, ranges: readonly Range[]): void {
  // Browsers from before 2025 may not have it; the sentence is still tinted.
  if (!('highlights' in CSS)) return;
  if (ranges.length === 0) CSS.highlights.delete(kind);
  else CSS.highlights.set(kind, new Highlight(...ranges));
}

/** The range of some characters within an element that holds one text node. */
export function textRange(element: Element, start: number, end: number): Range | undefined {
  const text = [...element.childNodes].find((node) => node instanceof Text && node.length > 0);
  if (!(text instanceof Text) || end > text.length) return undefined;
  const range = new Range();
  range.setStart(text, start);
  range.setEnd(text, end);
  return range;
}

/** The element and the place in its text under a point of the window. */
export function caretAt(x: number, y: number): { readonly element: Element; readonly offset: number } | undefined {
  // Safari knows only the older name.
  const { node, offset } = 'caretPositionFromPoint' in document ? caretFrom(document.caretPositionFromPoint(x, y)) : caretFromRange(x, y);
  const element = node instanceof Element ? node : node?.parentElement;
  return element ? { element, offset } : undefined;
}

function caretFrom(position: CaretPosition | null): { node: Node | null; offset: number } {
  return { node: position?.offsetNode ?? null, offset: position?.offset ?? 0 };
}

function caretFromRange(x: number, y: number): { node: Node | null; offset: number } {
  const older = document as unknown as { caretRangeFromPoint(x: number, y: number): Range | null };
  const range = older.caretRangeFromPoint(x, y);
  return { node: range?.startContainer ?? null, offset: range?.startOffset ?? 0 };
}
