/** FNV-1a, 32 bits, over UTF-16 code units: for remembering names, not for security. 0 is kept for "none". */
export function hashName(name: string | undefined): number {
  if (name === undefined) return 0;
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash ^= name.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0 === 0 ? 1 : hash >>> 0;
}
