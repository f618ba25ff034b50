// Colour for terminals, as functions, so that text is composed the same way with and without.

type Style = (text: string) => string;

export interface Paint {
  readonly bold: Style;
  readonly dim: Style;
  readonly red: Style;
  readonly green: Style;
  readonly yellow: Style;
  readonly cyan: Style;
}

const plainStyle: Style = (text) => text;

function style(open: number, close: number): Style {
  return (text) => (text === '' ? '' : `\u001B[${open}m${text}\u001B[${close}m`);
}

export const PLAIN: Paint = {
  bold: plainStyle,
  dim: plainStyle,
  red: plainStyle,
  green: plainStyle,
  yellow: plainStyle,
  cyan: plainStyle,
};

export const COLOURED: Paint = {
  bold: style(1, 22),
  dim: style(2, 22),
  red: style(31, 39),
  green: style(32, 39),
  yellow: style(33, 39),
  cyan: style(36, 39),
};

/** Colour only where a terminal shows it and nobody asked for none (https://no-color.org). */
export function paintFor(stream: { readonly isTTY?: boolean }): Paint {
  return stream.isTTY === true && !process.env['NO_COLOR'] ? COLOURED : PLAIN;
}
