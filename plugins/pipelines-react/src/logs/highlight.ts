/** A piece of text, marked or not. @internal */
export interface TextPiece {
  text: string;
  marked: boolean;
}

/** Most marks of one piece of text; more would only be slow. */
const MAX_MARKS = 200;

/** Cuts a text where one of the wanted texts is in it, in upper or lower case. @internal */
export function highlight(
  text: string,
  wanted: readonly string[],
): TextPiece[] {
  const texts = wanted.filter(item => item !== '').map(escapeText);
  if (texts.length === 0) {
    return [{ text, marked: false }];
  }
  const pattern = new RegExp(texts.join('|'), 'giu');
  const pieces: TextPiece[] = [];
  let position = 0;
  for (const match of text.matchAll(pattern)) {
    if (pieces.length >= MAX_MARKS * 2) {
      break;
    }
    if (match.index > position) {
      pieces.push({ text: text.slice(position, match.index), marked: false });
    }
    pieces.push({ text: match[0], marked: true });
    position = match.index + match[0].length;
  }
  if (position < text.length) {
    pieces.push({ text: text.slice(position), marked: false });
  }
  return pieces;
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
