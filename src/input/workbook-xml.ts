import { Parser } from 'saxen';

/** One element while it is open: its name without a prefix, and its attributes. */
export interface XmlElement {
  readonly name: string;
  /** By name without a prefix. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Callbacks for an XML text, as it is read. */
interface XmlHandler {
  open?(element: XmlElement): void;
  /** `text` is that of the element itself. */
  close?(element: XmlElement, text: string): void;
}

/** Reads an XML text. Throws if it is not XML. */
export function readXml(xml: string, handler: XmlHandler): void {
  const stack: { element: XmlElement; text: string }[] = [];
  const add = (text: string): void => {
    const top = stack.at(-1);
    if (top !== undefined) top.text += text;
  };
  new Parser()
    .on('openTag', (name, attributes, decode) => {
      const named = Object.entries(attributes()).map(([key, value]) => {
        return [withoutPrefix(key), decode(value)] as const;
      });
      const element = { name: withoutPrefix(name), attributes: new Map(named) };
      stack.push({ element, text: '' });
      handler.open?.(element);
    })
    .on('text', (text, decode) => add(decode(text)))
    .on('cdata', add)
    .on('closeTag', () => {
      const top = stack.pop();
      if (top !== undefined) handler.close?.(top.element, top.text);
    })
    .on('error', (error) => {
      throw error;
    })
    .parse(xml);
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
