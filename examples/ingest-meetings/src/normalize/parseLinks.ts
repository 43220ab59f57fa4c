const WEB_ADDRESS = /https?:\/\/[^\s<>"'`{}|\\^]+/giu;
const CLOSERS: Record<string, string> = { ')': '(', ']': '[' };
const MAX_REDIRECTS = 3;

/**
 * Finds the web addresses in a text that should have been one: without the
 * brackets and full stops around them, and without the wrapping that Google
 * puts around a copied link.
 */
export function parseLinks(text: string): string[] {
  const found = text.match(WEB_ADDRESS) ?? [];
  const links = found.map(trimAddress).map(unwrapRedirect);
  return [...new Set(links.filter(link => URL.canParse(link)))];
}

function trimAddress(address: string): string {
  let link = address.replace(/[.,;:!?]+$/, '');
  for (;;) {
    const opener = CLOSERS[link.at(-1) ?? ''];
    // A bracket that the address itself opens belongs to it
    if (!opener || link.includes(opener)) {
      return link;
    }
    link = link.slice(0, -1).replace(/[.,;:!?]+$/, '');
  }
}

function unwrapRedirect(address: string): string {
  let link = address;
  for (let depth = 0; depth < MAX_REDIRECTS && URL.canParse(link); depth += 1) {
    const url = new URL(link);
    const target = url.searchParams.get('q') ?? '';
    const wraps = url.hostname === 'www.google.com' && url.pathname === '/url';
    if (!wraps || !/^https?:\/\//i.test(target)) {
      return link;
    }
    link = target;
  }
  return link;
}
