// The tree that the XML scanner makes.

export interface XmlAttribute {
  /** Local name. */
  readonly name: string;
  /** Namespace URI; '' for an attribute without prefix. */
  readonly namespace: string;
  readonly value: string;
}

/** An element. Its strings may be slices that keep the whole document alive: copy what outlives the message. */
export interface XmlElement {
  /** Local name. */
  readonly name: string;
  /** Namespace URI, '' for none. */
  readonly namespace: string;
  /** Namespace declarations are not among them. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** The element's own character data, CDATA included; blank runs beside child elements are left out. */
  readonly text: string;
  /** Where its start tag begins, in UTF-16 units. */
  readonly offset: number;
}
