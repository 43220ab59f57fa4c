import Anser from 'anser';

/** The colours that a log knows; each is a class of the theme, so both themes stay readable. @internal */
export type LogColor =
  | 'black'
  | 'red'
  | 'green'
  | 'yellow'
  | 'blue'
  | 'magenta'
  | 'cyan'
  | 'white';

/** How a piece of a log line is drawn. @internal */
export interface LogStyle {
  color?: LogColor;
  background?: LogColor;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  strikethrough?: boolean;
}

/** Below this saturation a colour is a grey. */
const GREY_SATURATION = 0.2;

const cache = new Map<string, LogStyle>();
const MAX_CACHED_STYLES = 1_000;

/**
 * The style that a sequence of SGR codes leads to.
 *
 * @remarks
 * Text that asks to be hidden is drawn dim: a log hides nothing.
 *
 * @internal
 */
export function styleOfCodes(codes: readonly string[]): LogStyle {
  const key = codes.join(';');
  let style = cache.get(key);
  if (!style) {
    style = readStyle(key);
    if (cache.size >= MAX_CACHED_STYLES) {
      cache.clear();
    }
    cache.set(key, style);
  }
  return style;
}

function readStyle(codes: string): LogStyle {
  if (codes === '') {
    return {};
  }
  const entry = Anser.ansiToJson(`\u001b[${codes}mx`, {
    json: true,
    use_classes: true,
    remove_empty: true,
  }).at(-1);
  if (!entry) {
    return {};
  }
  const has = (name: Anser.DecorationName) =>
    entry.decorations.includes(name) || undefined;
  const color = colorOf(entry.fg, entry.fg_truecolor);
  const background = colorOf(entry.bg, entry.bg_truecolor);
  const reverse = has('reverse');
  return {
    color: reverse ? background ?? 'white' : color,
    background: reverse ? color ?? 'black' : background,
    bold: has('bold'),
    dim: has('dim') ?? has('hidden'),
    italic: has('italic'),
    underline: has('underline'),
    strikethrough: has('strikethrough'),
  };
}

function colorOf(
  name: string | null,
  truecolor: string | null,
): LogColor | undefined {
  if (!name) {
    return undefined;
  }
  if (name === 'ansi-truecolor') {
    return nearestColor((truecolor ?? '0, 0, 0').split(',').map(Number));
  }
  const palette = /^ansi-palette-(\d+)$/.exec(name);
  if (palette) {
    return nearestColor(paletteColor(Number(palette[1])));
  }
  return name.replace('ansi-', '').replace('bright-', '') as LogColor;
}

/** Red, green and blue of a colour of the 256-colour palette, from 16 on. */
function paletteColor(index: number): number[] {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return [
    level(Math.floor(cube / 36)),
    level(Math.floor(cube / 6) % 6),
    level(cube % 6),
  ];
}

const HUES: ReadonlyArray<readonly [number, LogColor]> = [
  [25, 'red'],
  [75, 'yellow'],
  [165, 'green'],
  [200, 'cyan'],
  [260, 'blue'],
  [335, 'magenta'],
  [360, 'red'],
];

function nearestColor([red, green, blue]: number[]): LogColor | undefined {
  const max = Math.max(red, green, blue);
  const spread = max - Math.min(red, green, blue);
  if (max === 0 || spread / max < GREY_SATURATION) {
    return max > 200 ? undefined : 'black';
  }
  let hue = 4 + (red - green) / spread;
  if (max === red) {
    hue = (green - blue) / spread;
  } else if (max === green) {
    hue = 2 + (blue - red) / spread;
  }
  const degrees = (hue * 60 + 360) % 360;
  return HUES.find(([end]) => degrees <= end)?.[1];
}
