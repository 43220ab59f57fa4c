const ESC = '\x1b';
const BEL = '\x07';

/** What programs print that has broken log viewers and stores, each with its own border. */
export const HOSTILE_PARTS: Buffer[] = [
  'NUL \0 in the middle\n',
  Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xf5, 0x0a]),
  Buffer.from([0xed, 0xa0, 0x80, 0xed, 0xbf, 0xbf, 0x0a]), // Lone surrogates
  '\ufeffBOM\n',
  'separators \u2028 \u2029 \u0085\n',
  'bidi \u202e txt.exe \u2066 \u2069\n',
  `colours ${ESC}[31;1mred${ESC}[0m\n`,
  `link ${ESC}]8;;javascript:alert(1)${BEL}click${ESC}]8;;${BEL}\n`,
  `clipboard ${ESC}]52;c;cm0gLXJmIC8=${BEL}\n`,
  `title ${ESC}]0;owned${BEL}\n`,
  `cursor ${ESC}[2J${ESC}[999;999H${ESC}[${'9;'.repeat(5_000)}m\n`,
  `unterminated ${ESC}]0;\n${ESC}[\n`,
  '<script>alert(1)</script><img src=x onerror=alert(1)>&amp;\n',
  'Windows line\r\nlone \r return\r\r\n\n\n',
  `${'x'.repeat(200_000)}é${'y'.repeat(200_000)}\n`,
  'the last line has no end',
].map(part => (typeof part === 'string' ? Buffer.from(part) : part));
