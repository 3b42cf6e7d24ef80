import { LitElement } from 'lit';

/** An element that draws into the page itself: one style sheet for all, and text that finds, selects and prints like any other. */
export class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
