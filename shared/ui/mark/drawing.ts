import type { Attachment } from 'svelte/attachments';
import type { Icon } from '../kind.ts';

const made = new WeakMap<Icon, DocumentFragment>();

/** The parts of an icon, made once and copied: lists draw hundreds. */
function partsOf(icon: Icon): DocumentFragment {
  let parts = made.get(icon);
  if (parts === undefined) {
    parts = document.createDocumentFragment();
    for (const [tag, attributes] of icon) {
      const part = document.createElementNS('http://www.w3.org/2000/svg', tag);
      for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
      parts.append(part);
    }
    made.set(icon, parts);
  }
  return parts;
}

/** Draws an icon into the `<svg>` that stands for it. */
export function drawing(icon: Icon): Attachment<SVGElement> {
  return (svg) => svg.replaceChildren(partsOf(icon).cloneNode(true));
}
