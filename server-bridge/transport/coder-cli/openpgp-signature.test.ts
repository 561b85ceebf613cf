import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { verifyDetachedSignature } from './openpgp-signature.ts'
import { coderReleaseKey } from './release-key.ts'
import { signedFile } from '../../testing/signed-file.ts'

const { content, publicKey, signature, madeAt } = signedFile
const check = (text = content, armored = { signature, publicKey }, now = madeAt) =>
  verifyDetachedSignature(
    Readable.from([Buffer.from(text.slice(0, 3)), Buffer.from(text.slice(3))]),
    armored,
    now,
  )

/** With one byte of the packets changed, and armoured again. */
function changed(armor: string, at: number, value: number): string {
  const base64 = armor.split('\n').slice(2, -3).join('')
  const bytes = Buffer.from(base64, 'base64')
  bytes[at] = value
  return `-----BEGIN PGP SIGNATURE-----\n\n${bytes.toString('base64')}\n-----END PGP SIGNATURE-----\n`
}

describe('a detached signature', () => {
  it('of GnuPG is good for the file it was made of, and no other', async () => {
    await expect(check()).resolves.toBeUndefined()
    await expect(check(`${content}.`)).rejects.toThrow('does not fit the file')
    await expect(check('')).rejects.toThrow('does not fit the file')
  })

  it('counts with the key it was made with only', async () => {
    await expect(check(content, { signature, publicKey: coderReleaseKey })).rejects.toThrow('another key')
  })

  it('is refused where its kind, digest or a part of it was changed', async () => {
    // Version, type, algorithm and digest are the first four bytes behind the packet's head of three.
    for (const at of [3, 4, 5, 6]) {
      await expect(check(content, { signature: changed(signature, at, 2), publicKey })).rejects.toThrow(
        'not accepted',
      )
    }
    // The time it was made at is signed as well.
    const bytes = Buffer.from(signature.split('\n').slice(2, -3).join(''), 'base64')
    const at = bytes.indexOf(Buffer.from([5, 2])) + 5
    const moved = changed(signature, at, (bytes[at] ?? 0) ^ 4)
    await expect(check(content, { signature: moved, publicKey })).rejects.toThrow('does not fit the file')
  })

  it('is refused from the future', async () => {
    await expect(check(content, undefined, madeAt - 2 * 86_400_000)).rejects.toThrow('cannot be right')
  })

  it('is refused in words when it is cut off, empty or no signature at all', async () => {
    const half = `${signature.slice(0, 200)}\n-----END PGP SIGNATURE-----\n`
    for (const text of [half, '', '<html>Sign in</html>', 'x'.repeat(100_000), publicKey]) {
      await expect(check(content, { signature: text, publicKey })).rejects.toMatchObject({
        name: 'SignatureError',
      })
    }
  })
})
