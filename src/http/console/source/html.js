// htm's tagged templates make Preact's nodes: no build step of their own, no eval, no markup from text.
export { html } from "htm/preact";
