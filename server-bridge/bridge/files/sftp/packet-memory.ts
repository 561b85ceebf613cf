/**
 * Memory for large packets, used again. A copy of some gigabytes in new memory for each packet keeps the collector busier
 * than the copy itself.
 */
import { maxPacketBytes } from '../../../lib/sftp-packets.ts'

export interface PacketMemory {
  allocate(length: number): Buffer
  /** Takes back what {@link PacketMemory.allocate} gave; anything else is left to the collector. */
  giveBack(bytes: Uint8Array): void
}

/** Below this the collector is no worse than keeping books. */
const smallBytes = 16 * 1024
/** As much as is on its way at once, and some that is on its way to the disk. */
const maxKept = 32

export function createPacketMemory(): PacketMemory {
  const given = new Set<ArrayBufferLike>()
  const free: Buffer[] = []
  return {
    allocate(length) {
      if (length < smallBytes || length > maxPacketBytes) return Buffer.allocUnsafe(length)
      const whole = free.pop() ?? Buffer.allocUnsafeSlow(maxPacketBytes)
      given.add(whole.buffer)
      return whole.subarray(0, length)
    },
    giveBack({ buffer }) {
      // Once only: the same memory for two packets would mix their bytes.
      if (!given.delete(buffer)) return
      if (free.length < maxKept) free.push(Buffer.from(buffer))
    },
  }
}
