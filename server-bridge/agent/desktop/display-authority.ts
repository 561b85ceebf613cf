import { randomBytes } from 'node:crypto'

const COOKIE = 'MIT-MAGIC-COOKIE-1'
const COOKIE_BYTES = 16
/** Any host and, with no number, any display (Xauth(3), `FamilyWild`). */
const FAMILY_WILD = 0xffff

/**
 * The content of an Xauthority file with a new secret, for the display server and its programs alike. Without one a
 * display server lets in every user of the machine.
 */
export function createDisplayAuthority(): Buffer {
  const family = Buffer.alloc(2)
  family.writeUInt16BE(FAMILY_WILD)
  const fields = [Buffer.alloc(0), Buffer.alloc(0), Buffer.from(COOKIE), randomBytes(COOKIE_BYTES)]
  return Buffer.concat([family, ...fields.flatMap((field) => [lengthOf(field), field])])
}

function lengthOf(field: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(field.length)
  return length
}
