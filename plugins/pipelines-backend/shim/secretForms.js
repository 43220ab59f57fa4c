// @ts-check

/** A shorter secret would hide innocent text everywhere. */
const MIN_SECRET_BYTES = 6;

/**
 * Lists the ways in which secrets may be written in a log.
 *
 * @param {string[]} secrets
 * @returns {Buffer[]} each at least {@link MIN_SECRET_BYTES} long, none twice
 */
function secretForms(secrets) {
  const forms = new Set();
  for (const value of secrets.flatMap(withParts)) {
    if (Buffer.byteLength(value) >= MIN_SECRET_BYTES) {
      formsOf(value).forEach(form => forms.add(form));
    }
  }
  return [...forms]
    .map(form => Buffer.from(form))
    .filter(form => form.length >= MIN_SECRET_BYTES);
}

/**
 * A secret with the parts that are secret by themselves: the lines of a key file, the
 * password of a connection URL.
 *
 * @param {string} secret
 */
function withParts(secret) {
  const parts = [secret, secret.trim(), ...secret.split(/\r?\n/)];
  if (URL.canParse(secret)) {
    const { password } = new URL(secret);
    parts.push(password, decode(password));
  }
  return parts;
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {string} secret */
function formsOf(secret) {
  const bytes = Buffer.from(secret);
  const wellFormed = bytes.toString();
  const uri = encodeURIComponent(wellFormed);
  const strictUri = uri.replace(
    /[!'()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    ...[0, 1, 2].flatMap(shift => base64At(bytes, shift)),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    uri,
    uri.replace(/%../g, code => code.toLowerCase()),
    uri.replace(/%20/g, '+'),
    strictUri,
    strictUri.replaceAll('%2F', '/'),
    new URLSearchParams({ '': wellFormed }).toString().slice(1),
    encodeURI(wellFormed),
    json,
    json.replaceAll('/', '\\/'),
    json.replace(/[^\0-\x7f]/g, escapeUnicode),
    json.replace(/[^\0-\x7f]/g, escapeUnicode).replaceAll('/', '\\/'),
    json.replace(/[<>&]/g, escapeUnicode),
    json.replace(/[<>&']/g, escapeUnicode),
    JSON.stringify(json).slice(1, -1),
    escapeXml(secret, '&#39;'),
    escapeXml(secret, '&apos;'),
    secret.replace(/[&<>]/g, xmlEntity),
    secret.replaceAll("'", `'\\''`),
    secret.replaceAll("'", `'"'"'`),
    secret.replaceAll("'", "\\'"),
    secret.replace(/[\\"$`]/g, '\\$&'),
    secret.replace(/[^\w@%+=:,./-]/g, '\\$&'),
  ];
}

/** @param {string} char */
function escapeUnicode(char) {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** @param {string} char */
function xmlEntity(char) {
  return /** @type {Record<string, string>} */ ({
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  })[char];
}

/**
 * @param {string} secret
 * @param {string} apostrophe
 */
function escapeXml(secret, apostrophe) {
  return secret.replace(/[&<>"]/g, xmlEntity).replaceAll("'", apostrophe);
}

/**
 * The base64 digits that a secret alone decides when `shift` other bytes stand before it.
 *
 * @param {Buffer} bytes
 * @param {number} shift
 */
function base64At(bytes, shift) {
  const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
  const from = Math.ceil((shift * 8) / 6);
  const to = Math.floor((shifted.length * 8) / 6);
  return [
    shifted.toString('base64').slice(from, to),
    shifted.toString('base64url').slice(from, to),
  ];
}

module.exports = { MIN_SECRET_BYTES, secretForms };
