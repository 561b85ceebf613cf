/**
 * Lets ssh2 put large packets together in memory that is used again. It takes new memory for each, encrypts it into other
 * memory at once and forgets it, and the collector, which counts what lies outside of its heap, then works longer than
 * the cipher.
 */
import { randomFillSync } from 'node:crypto'
import type { Client } from 'ssh2'

/** What ssh2 1.17 encrypts with by AES-GCM, as far as it is needed here; nothing of it is documented. */
interface GcmCipher {
  readonly _encSSLName: string
  /** A packet whose length, padding and its length are set (RFC 4253, section 6; RFC 5647, section 7.2). */
  allocPacket(payloadBytes: number): Buffer
}

/** Smaller ones cost little. */
const smallBytes = 4 * 1024
/** The largest payload: what a channel takes at once, and its fields. */
const largestBytes = 64 * 1024
const blockBytes = 16
const headBytes = 5
/** Drawn at once: asking for a dozen bytes takes as long as for some thousand. */
const randomBytes = 4 * 1024

/**
 * From now on, with every new key. The stream below has to copy small parts at once, as `gatherTurn` makes it: the length
 * of a packet is written to it as a view. Whatever is not known here stays as the library has it.
 */
export function reusePacketMemory(client: Client): void {
  const memory = Buffer.allocUnsafeSlow(largestBytes + 2 * blockBytes + headBytes)
  const random = Buffer.allocUnsafeSlow(randomBytes)
  let used = randomBytes
  client.on('handshake', () => {
    const cipher = cipherOf(client)
    if (cipher === undefined) return
    const allocate = cipher.allocPacket.bind(cipher)
    cipher.allocPacket = (payloadBytes) => {
      if (payloadBytes < smallBytes || payloadBytes > largestBytes) return allocate(payloadBytes)
      const least = 1 + payloadBytes + 4
      const length = Math.ceil(least / blockBytes) * blockBytes
      const padding = length - 1 - payloadBytes
      memory.writeUInt32BE(length, 0)
      memory.writeUInt8(padding, 4)
      if (used + padding > randomBytes) {
        randomFillSync(random)
        used = 0
      }
      used += random.copy(memory, headBytes + payloadBytes, used, used + padding)
      return memory.subarray(0, 4 + length)
    }
  })
}

function cipherOf(client: Client): GcmCipher | undefined {
  const { _protocol: protocol } = client as unknown as { readonly _protocol?: { readonly _cipher?: object } }
  const cipher = protocol?._cipher
  return cipher !== undefined && isGcm(cipher) ? cipher : undefined
}

function isGcm(cipher: object): cipher is GcmCipher {
  return (
    '_encSSLName' in cipher &&
    typeof cipher._encSSLName === 'string' &&
    cipher._encSSLName.endsWith('-gcm') &&
    'allocPacket' in cipher &&
    typeof cipher.allocPacket === 'function'
  )
}
