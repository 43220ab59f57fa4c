/** Largest file that is a parameter, in bytes. Base64 makes it a third larger. @internal */
export const MAX_FILE_BYTES = 192 * 1024;

/** What a data URL says of the file in it. @public */
export interface DataUrlFacts {
  /** Undefined when it has no name. */
  name?: string;
  bytes: number;
}

const DATA_URL = /^data:([^,]*?);base64,(.*)$/s;

/** What is in a base64 data URL; undefined for anything else. @public */
export function readDataUrl(text: unknown): DataUrlFacts | undefined {
  const match = typeof text === 'string' ? DATA_URL.exec(text) : null;
  if (!match) {
    return undefined;
  }
  const [, head, base64] = match;
  const name = /;name=([^;]*)/.exec(`;${head}`)?.[1];
  const padding = /=*$/.exec(base64.slice(-2))?.[0].length ?? 0;
  return {
    name: name && decodeName(name),
    bytes: Math.floor((base64.length * 3) / 4) - padding,
  };
}

/** A file as a data URL with its name: `data:text/plain;name=a.txt;base64,…`. @internal */
export async function dataUrlOf(file: File): Promise<string> {
  const text = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  const base64 = text.slice(text.indexOf(',') + 1);
  const type = file.type || 'application/octet-stream';
  return `data:${type};name=${encodeURIComponent(file.name)};base64,${base64}`;
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
